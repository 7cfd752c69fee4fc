package dev.parley.client;
