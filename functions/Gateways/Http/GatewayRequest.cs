namespace WhatsOps.Gateways;

/// <summary>One request to be made.</summary>
/// <param name="Operation">Name in the call log: probe, list, state, webhook, messages, connect, create, set_webhook, restart, logout, delete, tokens, isolation_test, owner, send_text, capability, login.</param>
/// <param name="Path">Path and query, escaped.</param>
/// <param name="Body">Sent as JSON.</param>
internal sealed record GatewayRequest(string Operation, HttpMethod Method, string Path, string? Instance = null, object? Body = null)
{
    private const int OneMegabyte = 1024 * 1024;

    // GET / asks web.whatsapp.com before it answers, so 10 s is its least; a list of thousands takes the gateway's database a while. A text that a
    // dead connection does not take is refused after 60 s: no answer within 30 s says enough.
    public TimeSpan Timeout => TimeSpan.FromSeconds(Operation is "list" or "messages" or "send_text" ? 30 : 10);

    public long MaxBytes => Operation is "list" or "messages" or "tokens" or "isolation_test" ? 32 * OneMegabyte : OneMegabyte;

    /// <summary>The root needs no key, and a wrong address should not be told one; a login makes one.</summary>
    public bool WithKey => Operation is not ("probe" or "login");

    /// <summary>True when asking twice changes nothing. Connect looks like a look, but starts pairing.</summary>
    public bool IsRepeatable => Operation is "probe" or "list" or "state" or "webhook" or "messages" or "owner";

    /// <summary>Exact in a path, dots included: a server may resolve <c>..</c>, but not <c>%2E%2E</c>.</summary>
    public static string Escape(string name) => Uri.EscapeDataString(name) is var escaped && name.All(letter => letter == '.') ? escaped.Replace(".", "%2E", StringComparison.Ordinal) : escaped;
}
