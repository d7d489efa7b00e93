namespace WhatsOps.Gateways.TaktChat;

/// <summary>What came of wanting a session: its token, or why there is none.</summary>
/// <param name="Status">Of the refusal; null: no answer.</param>
internal sealed record TaktChatLogin(string? Token, int? Status, string? Why)
{
    public override string ToString() => Token is null ? Why ?? "" : "logged in";

    /// <summary>The answer to a call that could not be made.</summary>
    public GatewayAnswer<T> Refusal<T>() => Status is null ? new(null, default, null, Why) : new(Status, default, Why, null);
}
