using WhatsOps.Fleet;

namespace WhatsOps.Diagnosis;

/// <summary>One thing that doctor looked at.</summary>
/// <param name="Check">What was looked at, e.g. <c>gateway.key</c>.</param>
/// <param name="System">The fleet's system; null for WhatsOps' own parts.</param>
/// <param name="Target">Name of the gateway, database, file or person.</param>
/// <param name="Fix">What to do; null when all is well.</param>
public sealed record DoctorCheck(string Check, string? System, string Target, DoctorStatus Status, string Detail, string? Fix)
{
    /// <summary>Nothing that keeps WhatsOps from its work.</summary>
    public bool Ok => Status != DoctorStatus.Failed;

    public static DoctorCheck Good(string check, FleetSystem? system, string target, string detail) => new(check, system?.Name, target, DoctorStatus.Ok, detail, null);

    public static DoctorCheck Warn(string check, FleetSystem? system, string target, string detail, string fix) => new(check, system?.Name, target, DoctorStatus.Warning, detail, fix);

    public static DoctorCheck Fail(string check, FleetSystem? system, string target, string detail, string fix) => new(check, system?.Name, target, DoctorStatus.Failed, detail, fix);
}
