package dev.parley.server.domain.file;

import dev.parley.server.base.FileId;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Keeps what is known of files, and which messages they hang on (the room log adds those in the
/// transaction that posts the message, and the message store takes them away in the one that
/// deletes it). One method is one transaction.
///
/// A file on no message is seen by its uploader alone; one on a message by whoever may see the
/// message's room; one whose last message was deleted by nobody.
public interface FileStore {
  /// Keeps a new file and counts its bytes.
  ///
  /// @param quota bytes of all files of the organization; beyond: refused with `quota`
  void add(File file, long quota);

  /// A file that the user may see.
  Optional<File> find(FileId id, UserId user);

  /// The bytes of all files of an organization.
  long used(OrgId org);

  /// Which of these files the user may see in the organization, and so attach. Until a day after
  /// this no sweep takes them.
  List<FileId> claim(OrgId org, UserId user, List<FileId> ids, Instant now);

  /// Removes a file and takes it off all messages.
  ///
  /// @return whether it was there
  boolean delete(OrgId org, FileId id);

  /// Removes files that hang on no message and were wanted by nobody since a moment, in all
  /// organizations.
  ///
  /// @return their ids, at most `limit`
  List<FileId> sweep(Instant before, int limit);

  /// Which of these ids belong to no file in any organization.
  List<FileId> unknown(List<FileId> ids);
}
