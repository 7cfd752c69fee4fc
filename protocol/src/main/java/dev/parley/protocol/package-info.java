package dev.parley.protocol;
