namespace WhatsOps.Fleet;

/// <summary>One place that alerts go to.</summary>
public sealed record AlertRoute
{
    public required string Name { get; init; }

    /// <summary><c>slack</c>, <c>email</c>, <c>sms</c>, <c>webhook</c> or <c>log</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>slack: reference to the incoming-webhook URL (it is a secret). webhook: the receiver's URL, or a reference to it. sms: Twilio's <c>Messages.json</c> of the account, or a reference to it.</summary>
    public string? Url { get; init; }

    /// <summary>sms: reference to the account (SID).</summary>
    public string? User { get; init; }

    /// <summary>webhook: reference to the secret that signs (Standard Webhooks). sms: reference to the account's token.</summary>
    public string? Secret { get; init; }

    /// <summary>email: the addresses that get every message. sms: one number, <c>+5511999990000</c>.</summary>
    public IReadOnlyList<string> To { get; init; } = [];

    /// <summary>email: the sender's address. sms: the sender's number.</summary>
    public string? From { get; init; }

    /// <summary>email: the server that takes the messages.</summary>
    public SmtpOptions? Smtp { get; init; }

    public Severity MinSeverity { get; init; } = Severity.Medium;

    /// <summary>Which findings are told here.</summary>
    public AlertMatch Match { get; init; } = new();

    /// <summary>True: told only when an escalation level names the route (and then of the end).</summary>
    public bool EscalationOnly { get; init; }

    /// <summary>Name of the route that gets the messages, too, while this one fails.</summary>
    public string? Fallback { get; init; }

    /// <summary>Null: that of the alerts.</summary>
    public Language? Language { get; init; }
}
