namespace WhatsOps.Audits;

/// <summary>Where a product answers.</summary>
/// <param name="Place">The gateway's name, or the target's: <c>http/health</c>.</param>
/// <param name="Url">As the fleet file writes it; may be a reference.</param>
/// <param name="Suffix">What stands at its end and is not of the product's address, e.g. <c>/health</c>.</param>
internal sealed record ProductAddress(string Place, string Url, string Suffix);
