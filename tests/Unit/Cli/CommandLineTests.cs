using WhatsOps.Cli;

namespace WhatsOps.Tests.Unit.Cli;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("up --once --port 9000")]
    [InlineData("down --data")]
    [InlineData("test --faults")]
    [InlineData("bench ingest --json")]
    [InlineData("doctor --url http://127.0.0.1:1 --key x")]
    [InlineData("pause revalya --reason why")]
    [InlineData("resume")]
    [InlineData("findings")]
    [InlineData("findings --tenant padaria")]
    [InlineData("findings list --all")]
    [InlineData("findings show 1")]
    [InlineData("findings silence 1 --for 2h")]
    [InlineData("findings accept 1 --reason known")]
    [InlineData("runbooks")]
    [InlineData("runbooks show 0198c5a0-0000-7000-8000-000000000000 --as approver")]
    [InlineData("runbooks run reset-integration --system revalya --tenant padaria --dry-run")]
    [InlineData("report usage --system revalya --days 30 --out usage.html")]
    [InlineData("report list")]
    [InlineData("report show reports/revalya/weekly-report/2026-03-01T0800.html")]
    [InlineData("fleet versions")]
    [InlineData("operator key night-shift --role approver")]
    [InlineData("deliveries --state dead")]
    [InlineData("deliveries replay --system revalya --from 2026-01-31T08:00Z --only-dead --dry-run")]
    [InlineData("deliveries replay --system revalya --id 0198c5a0-0000-7000-8000-000000000000 --id 0198c5a0-0000-7000-8000-000000000001")]
    [InlineData("deliveries backfill --system revalya --tenant padaria --from 2026-01-31T08:00Z --to 2026-01-31T12:00Z --dry-run")]
    [InlineData("tenant padaria --system revalya")]
    [InlineData("diagnose padaria --system revalya --symptom isolation")]
    public void What_the_help_promises_is_understood(string line) => Assert.Empty(CommandLine.Build().Parse(line).Errors);

    [Theory]
    [InlineData("nonsense")]
    [InlineData("findings show one")]
    [InlineData("findings silence 1")]
    [InlineData("findings close 1")]
    [InlineData("runbooks run reset-integration --tenant padaria")]
    [InlineData("deliveries --state lost")]
    [InlineData("deliveries replay --only-dead")]
    [InlineData("runbooks show 1")]
    [InlineData("diagnose padaria")]
    [InlineData("diagnose padaria --system revalya --symptom slow")]
    [InlineData("operator key night-shift --role king")]
    [InlineData("up --fleet no-such-file.json")]
    public async Task What_is_not_understood_is_exit_code_2(string line) => Assert.Equal(ExitCode.Usage, await CommandLine.RunAsync(line.Split(' ')));
}
