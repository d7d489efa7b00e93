namespace WhatsOps.Watch;

/// <summary>Messages as the product's own table has them, since its first row .</summary>
public sealed record DashboardMessages(long Sent, long Received, IReadOnlyList<NamedCount> ByType);
