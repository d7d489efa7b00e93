using WhatsOps.Fleet;

namespace WhatsOps.Audits;

/// <summary>Something that the product's data contradicts itself or the gateways in.</summary>
/// <param name="Rule">snake_case name; one finding per rule and tenant.</param>
internal sealed record IntegrityViolation(string Rule, Severity Severity, string Slug, string Cause);
