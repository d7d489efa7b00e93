using WhatsOps.Simulator.Http;

namespace WhatsOps.Simulator.Products;

/// <summary>A TaktChat with users and connections.</summary>
public sealed record TaktChatSeed
{
    public string Url { get; init; } = ProductListener.AnyPort;

    /// <summary>Connection string of an empty database, which gets its tables.</summary>
    public required string Database { get; init; }

    public IReadOnlyList<User> Users { get; init; } = [];

    public IReadOnlyList<Line> Lines { get; init; } = [];

    public sealed record User(int Company, string Email, string Password);

    /// <param name="HasKeys">A start connects without a code; null: as its status suggests.</param>
    public sealed record Line(int Company, int Id, string Status = "CONNECTED", bool? HasKeys = null);
}
