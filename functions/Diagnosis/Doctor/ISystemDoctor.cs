using WhatsOps.Fleet;

namespace WhatsOps.Diagnosis;

/// <summary>Looks at one side of a system for doctor; stations later in the pipe add their own.</summary>
public interface ISystemDoctor
{
    Task<IReadOnlyList<DoctorCheck>> ExamineAsync(FleetSystem system, CancellationToken cancellation);
}
