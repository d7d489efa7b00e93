using System.Text.Json;

namespace WhatsOps.Gateways.TaktChat;

/// <summary>TaktChat's errors, <c>{"error":"ERR_…"}</c>, with what to do about those that an operator can mend.</summary>
internal static class TaktChatErrors
{
    public const string Expired = "ERR_SESSION_EXPIRED";
    public const string NotInMemory = "ERR_WAPP_NOT_INITIALIZED";

    // Its words for a signature that it does not know: the secret was changed.
    private const string BadToken = "Invalid token";

    public static string FromBody(JsonElement body)
    {
        var error = body.Text("error") ?? body.Text("message") ?? "";
        // Beside the words of a database that is away: DB_CONNECTION_ERROR and its like.
        var code = body.Text("code");
        return string.Concat(error, code is null || code == error ? "" : $" {code}", Fix(code ?? error) is { } fix ? $" ({fix})" : "");
    }

    /// <summary>The session is over: a new login makes another. Any other 401 or 403 is a refusal, which a login would not change.</summary>
    public static bool IsExpired<T>(GatewayAnswer<T> answer) => answer is { Trouble: null, Error: { } error }
        && ((answer.Status == 401 && error.StartsWith(Expired, StringComparison.Ordinal)) || (answer.Status == 403 && error.StartsWith(BadToken, StringComparison.Ordinal)));

    private static string? Fix(string code) => code switch
    {
        "ERR_INVALID_CREDENTIALS" => "the account's e-mail or password is wrong: correct what gateways[].accounts refers to",
        "ERR_OUT_OF_HOURS" => "the account has working hours, and it is outside of them: give it none in TaktChat, or an end that equals the start",
        "ERR_LICENSE_OVERDUE" => "the licence of the account's company is overdue: settle it in TaktChat, or use an account of another company",
        "ERR_NO_PERMISSION" => "the account may not do this: make it an admin of its company, or enable its allowConnections",
        _ when code.StartsWith("ERR_ACCESS_BLOCKED", StringComparison.Ordinal) => "TaktChat has blocked the account's company: unblock it there, or use an account of another company",
        _ when code.StartsWith("DB_", StringComparison.Ordinal) => "TaktChat's own database is not there for it; after a start without it sessions stay down until a restart",
        _ => null,
    };
}
