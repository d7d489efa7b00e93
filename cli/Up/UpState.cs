using System.Text.Json;
using WhatsOps.Cli.Local;

namespace WhatsOps.Cli.Up;

/// <summary>
/// .local/up.json, readable by its owner only: where the running `up` listens, the keys of its operators, and what it started,
/// so that the other commands find it and `down` can end what a crash left behind.
/// </summary>
internal sealed record UpState
{
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static string File => Path.Combine(Repository.LocalFolder, "up.json");

    public required string Url { get; init; }

    /// <summary>Operator name → key. Empty when the fleet is the user's own.</summary>
    public required IReadOnlyDictionary<string, string> Keys { get; init; }

    public required IReadOnlyList<RunningProcess> Processes { get; init; }

    /// <summary>Data directory of the private PostgreSQL; null when the user brought a database.</summary>
    public string? PostgresData { get; init; }

    /// <summary>What was made on the user's own PostgreSQL; null when the private one is used.</summary>
    public BorrowedServer? Borrowed { get; init; }

    /// <summary>Null when nothing is running or the file cannot be read.</summary>
    public static UpState? Read()
    {
        try
        {
            return JsonSerializer.Deserialize<UpState>(System.IO.File.ReadAllText(File), Readable);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    public void Write() => PrivateFile.Write(File, JsonSerializer.Serialize(this, Readable));

    /// <summary>The key of a named operator, by default the one who may act but not approve.</summary>
    public string? Key(string? name)
    {
        if (name is null) return Keys.GetValueOrDefault(LocalOperators.Requester);
        return Keys.GetValueOrDefault(name)
            ?? throw new CliProblem($"The running fleet has no operator {name}.", $"use one of {string.Join(", ", Keys.Keys)}, or give a key with --key");
    }
}
