namespace WhatsOps.Fleet;

/// <summary>One WhatsApp gateway of a system.</summary>
public sealed record GatewayEndpoint
{
    /// <summary>Unique within the system.</summary>
    public required string Name { get; init; }

    /// <summary>Absolute http or https URL without path secrets.</summary>
    public required string Url { get; init; }

    /// <summary>Reference to the global key, e.g. <c>${env:EVOLUTION_API_KEY}</c>; never the key itself. Kind taktchat has none: <see cref="Accounts"/>.</summary>
    public string ApiKey { get; init; } = "";

    /// <summary>Of kind taktchat: who WhatsOps logs in as. The first lists the connections of all companies; each acts on its own company's.</summary>
    public IReadOnlyList<GatewayAccount> Accounts { get; init; } = [];

    /// <summary>
    /// Of kind turbozap: reference to the connection string of the gateway's own database, whose <c>instances.status</c> tells whether a paired
    /// instance is connected. Null: its API alone is asked, and that is not known.
    /// </summary>
    public string? Database { get; init; }
}
