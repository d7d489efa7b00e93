using Npgsql;
using WhatsOps.Fleet;

namespace WhatsOps.Diagnosis;

/// <summary>The product's database: does it answer, are the columns there, may WhatsOps read and write what its runbooks need, does its clock agree.</summary>
internal sealed class ProductDoctor(ITenantDirectoryInspector directory) : ISystemDoctor
{
    private const string Grants = "Run the grants in docs/fleet-file.md as the owner of the tables.";
    private static readonly TimeSpan MaxSkew = TimeSpan.FromSeconds(30);

    public async Task<IReadOnlyList<DoctorCheck>> ExamineAsync(FleetSystem system, CancellationToken cancellation)
    {
        if (system.TenantDirectory is null)
            return [DoctorCheck.Warn("product.directory", system, "tenantDirectory", "none, so WhatsOps knows no tenant of this system", "Add tenantDirectory to the fleet file.")];
        try
        {
            var state = await directory.InspectAsync(system, cancellation);
            return [Reachable(system, state), Columns(system, state), .. Rights(system, state), .. Visible(system, state), Clock(system, state)];
        }
        catch (Exception problem) when (problem is NpgsqlException or TimeoutException or MissingSecretException or ProblemException)
        {
            return [DoctorCheck.Fail("product.reachable", system, "tenantDirectory", Reason(problem), "Check the reference, host, role and password; WhatsOps needs a role of its own.")];
        }
    }

    // The server's sentence names role and database, never the password; a socket's names the address.
    private static string Reason(Exception problem) => problem is PostgresException refused ? $"{refused.SqlState}: {refused.MessageText}" : problem.Message;

    private static DoctorCheck Reachable(FleetSystem system, DirectoryState state) =>
        DoctorCheck.Good("product.reachable", system, state.Database, $"answered in {state.RoundTrip.TotalMilliseconds:0} ms as role {state.Role}");

    private static DoctorCheck Columns(FleetSystem system, DirectoryState state) => state.MissingColumns.Count == 0
        ? DoctorCheck.Good("product.columns", system, state.Database, "all there")
        : DoctorCheck.Fail("product.columns", system, state.Database, $"missing or not readable: {string.Join(", ", state.MissingColumns)}", $"Check schema in the fleet file. {Grants}");

    private static IEnumerable<DoctorCheck> Rights(FleetSystem system, DirectoryState state)
    {
        if (state.MissingReads.Count > 0) yield return DoctorCheck.Fail("product.read", system, state.Database, $"role {state.Role} lacks {string.Join(", ", state.MissingReads)}", Grants);
        else yield return DoctorCheck.Good("product.read", system, state.Database, "SELECT granted");
        // Observing needs no write: a system that only observes may leave them out.
        if (state.MissingWrites.Count > 0) yield return DoctorCheck.Warn("product.write", system, state.Database, $"role {state.Role} lacks {string.Join(", ", state.MissingWrites)}; runbooks that reset an integration would fail", Grants);
        else yield return DoctorCheck.Good("product.write", system, state.Database, "INSERT, UPDATE and DELETE granted on tenant_integrations");
        if (state.IsSuperuser) yield return DoctorCheck.Warn("product.role", system, state.Database, $"role {state.Role} is superuser", $"Give WhatsOps a role of its own with the least it needs. {Grants}");
    }

    private static IEnumerable<DoctorCheck> Visible(FleetSystem system, DirectoryState state)
    {
        if (!state.IsFiltered) yield break;
        yield return DoctorCheck.Warn("product.rows", system, state.Database, $"row level security filters what role {state.Role} sees", "Give it BYPASSRLS or policies that show every row; hidden tenants are not watched.");
    }

    private static DoctorCheck Clock(FleetSystem system, DirectoryState state) => state.ClockSkew.Duration() > MaxSkew
        ? DoctorCheck.Warn("product.clock", system, state.Database, $"is {state.ClockSkew.TotalSeconds:0} s off ours", "Run NTP on both hosts.")
        : DoctorCheck.Good("product.clock", system, state.Database, $"{state.ClockSkew.TotalSeconds:0} s off ours");
}
