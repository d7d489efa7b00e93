using WhatsOps.Cli.Local;
using WhatsOps.Fleet;
using WhatsOps.Tests.Shared;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>A real Prometheus that scrapes a product which exists, and one which does not.</summary>
public sealed class PrometheusFixture : IAsyncLifetime
{
    private const string Page =
        """
        http_requests_total{status="200",phone="5511999990000"} 90
        http_requests_total{status="500"} 10
        orders_waiting 11
        process_resident_memory_bytes{app="big"} 1073741825
        process_resident_memory_bytes{app="fits"} 1073741824
        node_filesystem_size_bytes{device="/dev/sda1",fstype="ext4",mountpoint="/var"} 1000
        node_filesystem_avail_bytes{device="/dev/sda1",fstype="ext4",mountpoint="/var"} 90
        node_filesystem_size_bytes{device="run",fstype="tmpfs",mountpoint="/run"} 1000
        node_filesystem_avail_bytes{device="run",fstype="tmpfs",mountpoint="/run"} 0

        """;

    private HttpStand product = null!;
    private LocalPrometheus prometheus = null!;
    private WatchWorld world = null!;

    public string Url => prometheus.Url;

    public async ValueTask InitializeAsync()
    {
        product = await HttpStand.StartAsync();
        product.Says(Page);
        var rules = Path.Combine(Path.GetTempPath(), $"whatsops-rules-{Guid.NewGuid():N}.yml");
        await File.WriteAllTextAsync(rules,
            """
            groups:
            - name: shop
              interval: 200ms
              rules:
              - alert: OrdersWaiting
                expr: orders_waiting > 10
                labels: { severity: page }
                annotations: { summary: "Orders wait, call +55 11 99999-0000, password: hunter2hunter2" }
              - alert: NeverFires
                expr: orders_waiting > 11
            """);
        prometheus = await TestServers.OwnPrometheusAsync(
            $$"""
            global: { scrape_interval: 200ms, scrape_timeout: 200ms, evaluation_interval: 200ms }
            rule_files: [ "{{rules}}" ]
            scrape_configs:
            - job_name: shop
              static_configs: [ { targets: [ "{{new Uri(product.Url).Authority}}" ] } ]
            - job_name: dead
              params: { token: [ "geheim-token" ] }
              static_configs: [ { targets: [ "127.0.0.1:1" ] } ]
            """);
        world = await WatchWorld.StartAsync(new());
        await UntilAsync(new(), reading => reading.Measures.Contains(new("prometheus.targets.up", 1, "shop")) && reading.Troubles.Any(trouble => trouble.Subject == "dead"));
    }

    public async ValueTask DisposeAsync()
    {
        await world.DisposeAsync();
        await prometheus.DisposeAsync();
        await product.DisposeAsync();
    }

    internal static PrometheusTarget Target(Asked asked) => new()
    {
        Name = "main", Url = "", Jobs = asked.Jobs, Alerts = asked.Alerts, Disks = asked.Disks,
        Queries = asked.Query is { } query ? [new() { Name = "asked", Query = query }] : [],
    };

    internal Task<Reading> ReadAsync(Asked asked) => LookAsync(Target(asked) with { Url = prometheus.Url });

    internal Task<Reading> LookAsync(PrometheusTarget target) =>
        world.GetAll<IProbe>().SelectMany(probe => probe.LooksAt(new FleetSystem { Name = "shop", Kind = "bot", Watch = new() { Prometheus = [target] } })).Single().ReadAsync(CancellationToken.None);

    internal async Task<Reading> UntilAsync(Asked asked, Func<Reading, bool> isThere)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var reading = await ReadAsync(asked);
            if (isThere(reading)) return reading;
            await Task.Delay(100, patience.Token);
        }
    }

    internal sealed record Asked(params string[] Jobs)
    {
        public string? Query { get; init; }

        public bool Alerts { get; init; }

        public bool Disks { get; init; }
    }
}
