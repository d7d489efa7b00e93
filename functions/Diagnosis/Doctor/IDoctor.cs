namespace WhatsOps.Diagnosis;

/// <summary>Checks the fleet in force against reality: every endpoint, key, permission, version and clock, each problem with its fix. Changes nothing but a probe blob.</summary>
public interface IDoctor
{
    Task<IReadOnlyList<DoctorCheck>> ExamineAsync(CancellationToken cancellation);
}
