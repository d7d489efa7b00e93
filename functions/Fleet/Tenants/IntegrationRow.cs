namespace WhatsOps.Fleet;

/// <summary>One WhatsApp row of a product, without its secrets.</summary>
/// <param name="Id">The row's own id, or its tenant's and environment where the table has none.</param>
/// <param name="Slug">Null: its tenant does not exist.</param>
/// <param name="Environment">Null where the product has no such column.</param>
/// <param name="EmptyKeys">Keys of config that are missing, null or empty, of those that the product needs.</param>
/// <param name="HasApiKey">Whether a gateway key stands in config in clear; the key itself is never read.</param>
public sealed record IntegrationRow(
    string Id, string? Slug, bool TenantIsActive, bool IsActive, string? Environment, string? InstanceName, string? ApiUrl, IReadOnlyList<string> EmptyKeys, bool HasApiKey);
