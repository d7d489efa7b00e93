namespace WhatsOps.Watch;

/// <summary>Messages as the product's own table has them.</summary>
/// <param name="Sent">Within the last 5 minutes; null: not known, as after one look only.</param>
/// <param name="Received">Likewise.</param>
/// <param name="ByType">Since its first row .</param>
public sealed record DashboardMessages(long? Sent, long? Received, IReadOnlyList<NamedCount> ByType);
