namespace WhatsOps.Backups;

/// <summary>One object in the index of a part: what it was in its store, and which blob has it.</summary>
/// <param name="ETag">As the store gave it; another one means another content.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Blob">Where it is stored, encrypted; it may be a blob of an earlier set.</param>
/// <param name="WrappedKey">Its own key, wrapped as those of parts are; base64.</param>
internal sealed record ObjectEntry(string Key, string ETag, long Size, string Blob, string WrappedKey);
