using WhatsOps.Cli.Local;
using WhatsOps.Simulator.TurboZap;
using WhatsOps.Tests.Integration.Hosts;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>`whatsops watch` and what is below it, as a person types it: a running host, a product's database, a container's log.</summary>
public sealed class WatchCommandTests : IAsyncLifetime
{
    private readonly string container = $"command-{Guid.NewGuid():N}";
    private LocalContainers engine = null!;
    private TestDatabase product = null!;
    private FleetHost host = null!;

    public async ValueTask InitializeAsync()
    {
        engine = await TestServers.ContainersAsync();
        product = await TestDatabase.CreateAsync();
        await TurboZapTables.CreateAsync(product.DataSource);
        await product.ExecuteAsync(
            """
            CREATE TABLE messages (instance_id uuid, from_me boolean, type text, created_at timestamptz DEFAULT now());
            INSERT INTO instances (id, name, status, device_jid) VALUES (gen_random_uuid(), 'acme', 'connected', 'x'), (gen_random_uuid(), 'beta', 'disconnected', 'y');
            INSERT INTO messages SELECT id, from_me, type FROM instances, (VALUES (true, 'text'), (true, 'text'), (false, 'image')) AS m (from_me, type) WHERE name = 'acme';
            INSERT INTO messages SELECT id, false, 'audio' FROM instances WHERE name = 'beta';
            """);
        await engine.StartAsync(container, [], "export PATH=/bin; echo 'INFO to 5511987654321'; echo 'ERROR password=hunter2222 is wrong'; busybox sleep 1000", default);
        host = await FleetHost.StartAsync("shop", Fleet, new Dictionary<string, string> { ["SHOP_DATABASE"] = product.ConnectionString });
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        await product.DisposeAsync();
        await engine.RunAsync(["rm", "--force", "--ignore", "--time", "0", container], default);
    }

    [Fact]
    public async Task What_is_watched_is_listed_and_one_target_shows_its_numbers()
    {
        var (exit, output, errors) = await CommandProcess.RunAsync(host, "watch", "--system", "shop", "--now");
        Assert.True(exit == 0, output + errors);
        Assert.Matches(@"shop\s+container/api\s+seen", output);
        Assert.Matches(@"shop\s+postgres/db\s+seen\s+100\.0 %", output);

        (exit, output, _) = await CommandProcess.RunAsync(host, "watch", "show", "shop", "postgres/db");
        Assert.Equal(0, exit);
        Assert.Matches(@"turbozap\.instances\s+connected\s+1", output);
    }

    [Fact]
    [Capability("R-270"), Capability("R-271"), Capability("R-277")]
    public async Task The_dashboard_is_printed_for_a_system_and_for_one_of_its_instances()
    {
        await CommandProcess.RunAsync(host, "watch", "--system", "shop", "--now");
        await product.ExecuteAsync("INSERT INTO messages SELECT id, true, 'text' FROM instances WHERE name = 'acme'");
        await CommandProcess.RunAsync(host, "watch", "--system", "shop", "--now");
        var (exit, output, errors) = await CommandProcess.RunAsync(host, "watch", "dashboard", "shop");
        Assert.True(exit == 0, output + errors);
        Assert.Contains("1 of 2 instances are connected, 1 are paired and down (connected 1, disconnected 1)", output, StringComparison.Ordinal);
        Assert.Contains("1 messages sent and 0 received in 5 minutes; all that are kept: text 3, audio 1, image 1", output, StringComparison.Ordinal);
        Assert.Contains("webhook event, 24 h", output, StringComparison.Ordinal);
        // Absent is said, never shown as zero.
        Assert.Contains("The error rate is not known", output, StringComparison.Ordinal);

        (exit, output, _) = await CommandProcess.RunAsync(host, "watch", "dashboard", "shop", "--instance", "acme");
        Assert.Equal(0, exit);
        Assert.Contains("1 of 1 instances are connected, 0 are paired and down", output, StringComparison.Ordinal);
        Assert.Contains("3 messages sent and 1 received in 5 minutes; all that are kept: text 3, image 1", output, StringComparison.Ordinal);
    }

    [Fact]
    [Capability("R-317")]
    public async Task A_log_is_printed_without_secrets_and_phone_numbers()
    {
        string output = "", errors = "";
        // An engine has a line a moment after it was written.
        for (var attempt = 0; attempt < 10 && !output.Contains("is wrong", StringComparison.Ordinal); attempt++)
        {
            int exit;
            (exit, output, errors) = await CommandProcess.RunAsync(host, "watch", "logs", "shop", "api", "--minutes", "10");
            Assert.True(exit == 0, output + errors);
        }

        Assert.Contains("INFO to ***", output, StringComparison.Ordinal);
        Assert.Contains("ERROR *** is wrong", output, StringComparison.Ordinal);
        foreach (var hidden in (string[])["5511987654321", "hunter2222"]) Assert.DoesNotContain(hidden, output + errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("watch dashboard nobody", "The fleet has no system nobody.")]
    [InlineData("watch logs shop other", "System shop watches no container other.")]
    [InlineData("watch logs shop api --minutes 61", "minutes is not between 1 and 60.")]
    public async Task What_is_not_there_is_exit_code_1_with_the_fix(string line, string problem)
    {
        var (exit, _, errors) = await CommandProcess.RunAsync(host, line.Split(' '));
        Assert.Equal(1, exit);
        Assert.Contains(problem, errors, StringComparison.Ordinal);
        Assert.Contains("Fix: ", errors, StringComparison.Ordinal);
    }

    private object Fleet(string url) => new
    {
        systems = new[]
        {
            new
            {
                name = "shop", kind = "turbozap",
                watch = new
                {
                    postgres = new[] { new { name = "db", connectionString = "${env:SHOP_DATABASE}", tables = "turbozap" } },
                    containers = new[] { new { name = "api", container = new { container, engine = engine.Engine } } },
                },
            },
        },
    };
}
