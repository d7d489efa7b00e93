namespace WhatsOps.Fleet;

/// <summary>Somebody to call .</summary>
public sealed record SupportContact
{
    public required string Name { get; init; }

    /// <summary>What for: <c>Evolution host</c>, <c>Supabase</c>, <c>DevOps</c>.</summary>
    public required string Role { get; init; }

    /// <summary>Telephone number, address or page; no secret.</summary>
    public required string Contact { get; init; }
}
