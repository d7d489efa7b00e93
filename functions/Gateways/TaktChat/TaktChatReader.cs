using System.Text.Json;

namespace WhatsOps.Gateways.TaktChat;

/// <summary>
/// Reads TaktChat's answers. Rows carry the tokens and keys of customers: only the members that are named here are ever made into values. Throws
/// <see cref="JsonException"/> on a body that no TaktChat answers.
/// </summary>
internal static class TaktChatReader
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>The version, and the commit that the backend was built from where it says so. A 503 with <c>DB_UNAVAILABLE</c> has none.</summary>
    public static async Task<string> VersionAsync(Stream body, CancellationToken cancellation)
    {
        using var json = await JsonDocument.ParseAsync(body, default, cancellation);
        var version = json.RootElement.Text("backend", "version") ?? throw new JsonException("no version of a backend");
        return json.RootElement.Text("backend", "commitShort") is { Length: > 0 } commit ? $"TaktChat {version} ({commit})" : $"TaktChat {version}";
    }

    public static async Task<TaktChatUser> UserAsync(Stream body, CancellationToken cancellation)
    {
        using var json = await JsonDocument.ParseAsync(body, default, cancellation);
        return json.RootElement.Text("token") is { Length: > 0 } token && json.RootElement.Number("user", "companyId") is { } company
            ? new(token, (int)company)
            : throw new JsonException("no token and company");
    }

    /// <summary>The WhatsApp connections of a list; other channels, such as Instagram, have no session.</summary>
    public static async Task<IReadOnlyList<TaktChatConnection>> ListAsync(Stream body, CancellationToken cancellation)
    {
        var rows = await JsonSerializer.DeserializeAsync<Row?[]>(body, Json, cancellation) ?? throw new JsonException("no list of connections");
        return [.. rows.Select(row => row is { Id: > 0, CompanyId: > 0 } ? row : throw new JsonException("a connection without its numbers"))
            .Where(row => row.Channel is null or "" or "whatsapp")
            .Select(row => new TaktChatConnection(row.CompanyId, row.Id, row.Status, row.ChannelType is not (null or "" or "baileys"), row.UpdatedAt))];
    }

    /// <summary>One connection's status and the code it shows.</summary>
    public static Func<Stream, CancellationToken, Task<TaktChatCode>> Code(int id) => async (body, cancellation) =>
        await JsonSerializer.DeserializeAsync<CodeRow>(body, Json, cancellation) is { } row && row.Id == id
            ? new(row.Status, row.Status == TaktChatStates.Code && row.Qrcode is { Length: > 0 } code ? code : null)
            : throw new JsonException("another connection");

    public static async Task<bool> DoneAsync(Stream body, CancellationToken cancellation)
    {
        using var json = await JsonDocument.ParseAsync(body, default, cancellation);
        return json.RootElement.Text("message") is not null ? true : throw new JsonException("no message");
    }

    private sealed record Row(int Id, int CompanyId, string? Status, string? Channel, string? ChannelType, DateTimeOffset? UpdatedAt);

    private sealed record CodeRow(int Id, string? Status, string? Qrcode);
}
