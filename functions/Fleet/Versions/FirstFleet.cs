using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using WhatsOps.Database;

namespace WhatsOps.Fleet;

/// <summary>
/// Makes sure at start that a fleet is in force: the file named by setting FleetFile is applied when the database has none. Without any, or
/// with an invalid one, the process ends and says why: it would watch nothing and look healthy. Later the file is only a copy.
/// </summary>
internal sealed class FirstFleet(
    MigrationService migrations, IFleetVersions versions, IConfiguration configuration, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<FirstFleet> log)
    : BackgroundService
{
    public const string By = "FleetFile";
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await migrations.Ready.WaitAsync(stoppingToken);
        if (await DecideAsync(stoppingToken) is not { } problem) return;
        log.LogCritical("{Problem}", problem);
        // Loggers may be asynchronous, and this is the last chance to say it.
        await global::System.Console.Error.WriteLineAsync(problem);
        Environment.ExitCode = 1;
        // Stopping a host that is still starting is an exception of its Run, and the process would end with that one's code.
        await StartedAsync(stoppingToken);
        lifetime.StopApplication();
    }

    private async Task StartedAsync(CancellationToken cancellation)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await started.Task.WaitAsync(cancellation);
    }

    /// <summary>The same, once the database answers: one that goes away just now is no reason to end, since the receiver must answer 503.</summary>
    internal async Task<string?> DecideAsync(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return await ProblemAsync(cancellation);
            }
            catch (NpgsqlException problem)
            {
                log.LogWarning("Whether a fleet is in force cannot be read yet: {Problem}", problem.Message);
                await Task.Delay(RetryAfter, time, cancellation);
            }
        }
    }

    /// <summary>Null when a fleet is in force.</summary>
    internal async Task<string?> ProblemAsync(CancellationToken cancellation)
    {
        if (await versions.TextAsync(cancellation) is not null) return null;
        var path = configuration["FleetFile"];
        if (string.IsNullOrWhiteSpace(path))
            return "No fleet is in force: the database has none and setting FleetFile is empty. Fix: copy fleet.sample.json, describe your systems in it, and set FleetFile to its path.";
        if (!File.Exists(path)) return $"No fleet is in force: FleetFile {path} does not exist. Fix: put the file there, or correct the setting.";
        var applied = await versions.ApplyAsync(await File.ReadAllTextAsync(path, cancellation), By, onlyFirst: true, cancellation);
        if (applied.Problems.Count > 0)
            return $"The fleet file {path} has {applied.Problems.Count} problem{(applied.Problems.Count == 1 ? "" : "s")}, so nothing is in force:\n" + string.Join('\n', applied.Problems.Select(problem => "  " + problem));
        foreach (var warning in applied.Warnings) log.LogWarning("{Reference} {Problem}. Fix: {Fix}", warning.Path, warning.Problem, warning.Fix);
        log.LogInformation("The fleet file {Path} is in force as version {Version}.", path, applied.Version);
        return null;
    }
}
