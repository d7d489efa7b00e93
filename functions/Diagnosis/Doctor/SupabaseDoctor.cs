using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Health;

namespace WhatsOps.Diagnosis;

/// <summary>The product's Supabase, where the fleet file names it: do its parts answer, and is the key good.</summary>
internal sealed class SupabaseDoctor(ProductApi api) : ISystemDoctor
{
    public async Task<IReadOnlyList<DoctorCheck>> ExamineAsync(FleetSystem system, CancellationToken cancellation) =>
        [.. (await api.LookAsync(system, cancellation)).Select(look => Check(system, look))];

    private static DoctorCheck Check(FleetSystem system, ApiLook look) => look.Seen switch
    {
        { IsSeen: true } seen => DoctorCheck.Good("product.api", system, look.Target, $"answered {seen.Value} in {seen.Took.TotalMilliseconds:0} ms"),
        { Outcome: Outcome.Unauthorized } refused => DoctorCheck.Fail("product.api", system, look.Target, refused.Detail ?? "", "Set tenantDirectory.supabaseKey to a reference to a secret key of the project: an anonymous one may not read /rest/v1/."),
        var failed => DoctorCheck.Fail("product.api", system, look.Target, failed?.Detail ?? "no answer in time", "Check tenantDirectory.supabaseUrl, and the project's status page."),
    };
}
