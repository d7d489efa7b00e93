namespace WhatsOps.Backups;

/// <summary>One part of a backup set, as its manifest tells of it.</summary>
public sealed record BackupPart
{
    /// <summary>Unique in its set, e.g. <c>product</c> or <c>fleet</c>.</summary>
    public required string Name { get; init; }

    /// <summary><c>postgres</c> (plain SQL of pg_dump), <c>redis</c> (keys), <c>files</c>, <c>objects</c> (an index) or <c>fleet</c> (the fleet file in force).</summary>
    public required string Kind { get; init; }

    /// <summary>Where it is stored.</summary>
    public required string Blob { get; init; }

    /// <summary>SHA-256 of the stored blob, lower-case hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Bytes stored.</summary>
    public required long Bytes { get; init; }

    /// <summary>Bytes before compression.</summary>
    public required long PlainBytes { get; init; }

    /// <summary>The part's own key, wrapped with the platform's key; base64.</summary>
    public required string Key { get; init; }

    /// <summary>Which of the platform's keys wrapped it: the first bytes of its hash, hex.</summary>
    public required string KeyId { get; init; }

    public string Compression { get; init; } = "zstd";

    public string Encryption { get; init; } = "aes-256-gcm/wob1";

    /// <summary>What was read, e.g. <c>PostgreSQL 15.18</c>.</summary>
    public string? Server { get; init; }

    /// <summary>What read it, e.g. <c>pg_dump 15.18</c>.</summary>
    public string? Tool { get; init; }

    /// <summary>Rows per table (<c>schema.table</c>) counted in the same snapshot, keys, or bytes per path.</summary>
    public IReadOnlyDictionary<string, long> Counts { get; init; } = new Dictionary<string, long>();

    /// <summary>What the schema probes counted in the same snapshot: rows that belong together, e.g. <c>evolution: instances with a session</c>.</summary>
    public IReadOnlyDictionary<string, long> Probes { get; init; } = new Dictionary<string, long>();

    /// <summary>Whole database; false: chosen tables, without their indexes and foreign keys.</summary>
    public bool IsWhole { get; init; } = true;

    /// <summary>What was left out although it was named: optional tables that are not there.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>How long reading and storing took.</summary>
    public double Seconds { get; init; }
}
