using WhatsOps.Gateways;

namespace WhatsOps.Health;

/// <summary>States as people and reports read them; no state is <c>absent</c>.</summary>
internal static class States
{
    public static string Name(InstanceState? state) => state?.ToName() ?? "absent";
}
