using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using RabbitMQ.Client;
using WhatsOps.Cli.Local;
using WhatsOps.Fleet;
using WhatsOps.Tests.Shared;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>Looks at a real broker; each test has a virtual host of its own in it.</summary>
public sealed class RabbitMqProbeTests : IAsyncLifetime
{
    private const string Queue = "whatsapp.send.messages";
    private static int hosts;

    // A slash must survive the way into the address.
    private readonly string host = $"shop/{Interlocked.Increment(ref hosts)}";
    private readonly HttpClient management = new();
    private LocalRabbitMq broker = null!;

    public async ValueTask InitializeAsync()
    {
        broker = await TestServers.RabbitMqAsync();
        management.BaseAddress = new Uri(broker.Url);
        management.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{LocalRabbitMq.User}:{broker.Password}")));
        await PutAsync($"vhosts/{Uri.EscapeDataString(host)}", "{}");
        await PutAsync($"permissions/{Uri.EscapeDataString(host)}/{LocalRabbitMq.User}", """{"configure":".*","write":".*","read":".*"}""");
        // As docs/watch.md has it: the tag monitoring, and a right to read.
        await UserAsync("onlooker", "monitoring");
        await PutAsync($"permissions/{Uri.EscapeDataString(host)}/onlooker", """{"configure":"^$","write":"^$","read":".*"}""");
    }

    public ValueTask DisposeAsync()
    {
        management.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    [Capability("R-274")]
    [Capability("R-314")]
    [Source("rabbitmq", SourceState.Present, "none")]
    public async Task Depth_and_consumers_of_a_queue_are_measured_and_messages_that_nobody_takes_are_said()
    {
        await using var world = await WorldAsync();
        await using (var connection = await ConnectAsync())
        await using (var channel = await connection.CreateChannelAsync())
        {
            await DeclareAsync(channel);
            await PublishAsync(channel, 3);
            // Takes one, and does not acknowledge it.
            await channel.BasicQosAsync(0, 1, false);
            await channel.BasicConsumeAsync(Queue, false, new AsyncDefaultBasicConsumer(channel));
            await UntilAsync(("messages_unacknowledged", 1));
            await world.TickAsync();
            Assert.Equal((3, 2, 1, 1), (await ValueAsync(world, "messages"), await ValueAsync(world, "messages.ready"), await ValueAsync(world, "messages.unacknowledged"), await ValueAsync(world, "consumers")));
            Assert.Empty(await world.OpenAsync());
            Assert.Equal(0, await world.ValueAsync("rabbitmq/broker", "rabbitmq.alarms"));
            Assert.InRange((await world.ValueAsync("rabbitmq/broker", "rabbitmq.connections"))!.Value, 1, 10);
        }

        await UntilAsync(("consumers", 0), ("messages", 3));
        await world.TickAsync();
        Assert.Equal((3, 0), (await ValueAsync(world, "messages"), await ValueAsync(world, "consumers")));
        var finding = Assert.Single(await world.FindingsAsync());
        Assert.Equal(("target_unhealthy", $"rabbitmq/broker/{Queue}", Severity.High), (finding.Kind, finding.Subject, finding.Severity));
        Assert.Contains("3 messages wait", finding.Cause, StringComparison.Ordinal);
    }

    [Fact]
    [Capability("R-265")]
    [Capability("R-268")]
    public async Task A_backlog_is_more_than_a_thousand_messages_for_ten_minutes()
    {
        await using var world = await WorldAsync();
        await using var connection = await ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await DeclareAsync(channel);
        await PublishAsync(channel, 1000);
        await UntilAsync(("messages", 1000));
        await world.TickAsync();
        await PublishAsync(channel, 1);
        await UntilAsync(("messages", 1001));
        for (var minute = 0; minute < 10; minute++) await world.TickAsync();
        Assert.DoesNotContain(await world.OpenAsync(), finding => finding.StartsWith("threshold", StringComparison.Ordinal));
        await world.TickAsync();
        Assert.Contains($"threshold_crossed rabbitmq-queue-backlog/rabbitmq/broker/{Queue}", await world.OpenAsync());
        await channel.QueuePurgeAsync(Queue);
        await UntilAsync(("messages", 0));
        await world.TickAsync();
        Assert.DoesNotContain(await world.OpenAsync(), finding => finding.StartsWith("threshold", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Alarms_of_memory_and_disk_are_critical_until_they_are_over()
    {
        await using var world = await WorldAsync(queues: []);
        await world.TickAsync();
        Assert.Empty(await world.OpenAsync());
        try
        {
            await LimitsAsync(["absolute", "1000000"], "100000000000000");
            await world.TickAsync();
            Assert.Equal(["target_unhealthy rabbitmq/broker/disk space", "target_unhealthy rabbitmq/broker/memory"], await world.OpenAsync());
            Assert.All(await world.FindingsAsync(), finding => Assert.Equal(Severity.Critical, finding.Severity));
            Assert.Contains((await world.FindingsAsync()).Select(finding => finding.Cause), cause => cause.Contains("Free disk space", StringComparison.Ordinal));
            Assert.Equal(2, await world.ValueAsync("rabbitmq/broker", "rabbitmq.alarms"));
        }
        finally
        {
            await LimitsAsync(["0.4"], "50MB");
        }

        await world.TickAsync();
        await world.TickAsync();
        Assert.Empty(await world.OpenAsync());

        Task LimitsAsync(string[] memory, string disk) => Task.WhenAll(
            broker.ControlAsync(["set_vm_memory_high_watermark", .. memory], CancellationToken.None), broker.ControlAsync(["set_disk_free_limit", disk], CancellationToken.None));
    }

    [Theory]
    [InlineData("running", "target_not_observable rabbitmq/broker/alarms")]
    [InlineData("down", "target_not_observable rabbitmq/broker/alarms", "target_unhealthy rabbitmq/broker/whatsapp.send.messages/state")]
    public async Task An_old_broker_without_the_check_of_alarms_says_the_rest(string state, params string[] findings)
    {
        await using var old = await HttpStand.StartAsync();
        old.Answer = http =>
        {
            var path = http.Request.Path.Value!;
            if (path.EndsWith("/alarms", StringComparison.Ordinal)) http.Response.StatusCode = 404;
            return http.Response.WriteAsync(path.EndsWith("/overview", StringComparison.Ordinal) ? "{\"rabbitmq_version\":\"3.8.9\"}"
                : path.Contains("/queues/", StringComparison.Ordinal) ? $$"""{"state":"{{state}}","messages":7,"messages_ready":7,"messages_unacknowledged":0,"consumers":1}""" : "{}");
        };
        await using var world = await WatchWorld.StartAsync(new() { RabbitMq = [Target("broker") with { Url = old.Url }] });
        await world.TickAsync();
        Assert.Equal(findings, await world.OpenAsync());
        Assert.Equal(7, await ValueAsync(world, "messages"));
        Assert.Null(await world.ValueAsync("rabbitmq/broker", "rabbitmq.alarms"));
    }

    /// <summary>The table of sources: what is there, and what finding it gives.</summary>
    [Fact]
    [Capability("R-265", Absent = true)]
    [Capability("R-274", Absent = true)]
    [Capability("R-314", Absent = true)]
    [Capability("R-422")]
    [Source("rabbitmq", SourceState.Absent, "target_absent")]
    [Source("rabbitmq", SourceState.Unauthorized, "target_unauthorized")]
    [Source("rabbitmq", SourceState.Lying, "target_unreachable")]
    public async Task What_a_source_answers_decides_its_finding()
    {
        await UserAsync("untagged", "");
        await UserAsync("foreign", "monitoring");
        await using var page = await HttpStand.StartAsync();
        page.Says("<html>Welcome to nginx!</html>");
        await using var other = await HttpStand.StartAsync();
        other.Says("{\"status\":\"ok\"}");
        await using var gone = await HttpStand.StartAsync();
        gone.Says("{}", 404);
        await using var elsewhere = await HttpStand.StartAsync();
        elsewhere.Says("", 302);
        await using var failing = await HttpStand.StartAsync();
        failing.Says("bad gateway", 502);
        await using var endless = await HttpStand.StartAsync();
        endless.Says("{\"rabbitmq_version\":\"" + new string('3', 4 * 1024 * 1024) + "\"}");
        await using var world = await WorldAsync(queues: ["not.declared"], others:
        [
            Target("wrong-password") with { User = "onlooker", Password = "${env:PLANTED}" }, Target("untagged") with { User = "untagged" }, Target("foreign") with { User = "foreign" },
            Target("no-host") with { VirtualHost = "no/such" }, Target("page") with { Url = page.Url }, Target("other") with { Url = other.Url }, Target("gone") with { Url = gone.Url },
            Target("elsewhere") with { Url = elsewhere.Url }, Target("failing") with { Url = failing.Url }, Target("endless") with { Url = endless.Url }, Target("refused") with { Url = "http://127.0.0.1:1" },
            Target("unset") with { Password = "${env:UNSET}" },
        ]);
        world.Settings["PLANTED"] = "planted-password-83";
        await world.TickAsync();
        await world.TickAsync();
        Assert.Equal(
            [
                "target_absent rabbitmq/broker/not.declared", "target_absent rabbitmq/gone", "target_absent rabbitmq/no-host/no/such", $"target_not_observable rabbitmq/foreign/{Queue}",
                "target_unauthorized rabbitmq/unset", "target_unauthorized rabbitmq/untagged", "target_unauthorized rabbitmq/wrong-password", "target_unreachable rabbitmq/elsewhere", "target_unreachable rabbitmq/endless",
                "target_unreachable rabbitmq/failing", "target_unreachable rabbitmq/other", "target_unreachable rabbitmq/page", "target_unreachable rabbitmq/refused",
            ],
            await world.OpenAsync());
        var causes = (await world.FindingsAsync()).ToDictionary(finding => finding.Subject!, finding => finding.Cause);
        Assert.Contains("set_user_tags", causes["rabbitmq/untagged"], StringComparison.Ordinal);
        Assert.Contains("refuses user or password", causes["rabbitmq/wrong-password"], StringComparison.Ordinal);
        Assert.Contains("set_permissions", causes[$"rabbitmq/foreign/{Queue}"], StringComparison.Ordinal);
        Assert.Contains("rabbitmq-plugins enable", causes["rabbitmq/refused"], StringComparison.Ordinal);
        Assert.Null(await world.ValueAsync("rabbitmq/broker", "rabbitmq.queue.messages", "not.declared"));
        var secret = Convert.ToBase64String(Encoding.UTF8.GetBytes("onlooker:planted-password-83"));
        Assert.DoesNotContain(causes.Values.Concat(world.Logged), text => text.Contains("planted-password-83", StringComparison.Ordinal) || text.Contains(secret, StringComparison.Ordinal));
    }

    [Fact]
    [Source("rabbitmq", SourceState.Slow, "target_unreachable")]
    public async Task A_management_API_that_hangs_is_unreachable_after_its_patience()
    {
        using var deaf = new TcpListener(IPAddress.Loopback, 0);
        deaf.Start();
        await using var world = await WatchWorld.StartAsync(new() { RabbitMq = [Target("broker") with { Url = $"http://127.0.0.1:{((IPEndPoint)deaf.LocalEndpoint).Port}" }] });
        for (var look = 0; look < 2; look++) await world.TickPastPatienceAsync();

        Assert.Equal(["target_unreachable rabbitmq/broker"], await world.OpenAsync());
    }

    private RabbitMqTarget Target(string name) => new() { Name = name, Url = broker.Url, User = "onlooker", Password = "onlooker", VirtualHost = host, Queues = [Queue] };

    private async Task<WatchWorld> WorldAsync(string[]? queues = null, params RabbitMqTarget[] others) =>
        await WatchWorld.StartAsync(new() { RabbitMq = [Target("broker") with { Queues = queues ?? [Queue] }, .. others] });

    private static Task<double?> ValueAsync(WatchWorld world, string metric) => world.ValueAsync("rabbitmq/broker", $"rabbitmq.queue.{metric}", Queue);

    private Task UserAsync(string name, string tags) => PutAsync($"users/{name}", $$"""{"password":"onlooker","tags":"{{tags}}"}""");

    private async Task PutAsync(string path, string body)
    {
        using var answer = await management.PutAsync($"api/{path}", new StringContent(body, Encoding.UTF8, "application/json"));
        answer.EnsureSuccessStatusCode();
    }

    // The broker counts once in a second or two.
    private async Task UntilAsync(params (string Name, int Value)[] numbers)
    {
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        string said;
        do
        {
            await Task.Delay(100, enough.Token);
            said = await management.GetStringAsync($"api/queues/{Uri.EscapeDataString(host)}/{Queue}", enough.Token);
        }
        while (!numbers.All(number => said.Contains($"\"{number.Name}\":{number.Value},", StringComparison.Ordinal)));
    }

    private Task<IConnection> ConnectAsync() =>
        new ConnectionFactory { HostName = "127.0.0.1", Port = broker.Port, UserName = LocalRabbitMq.User, Password = broker.Password, VirtualHost = host }.CreateConnectionAsync();

    private static Task DeclareAsync(IChannel channel) => channel.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false);

    private static async Task PublishAsync(IChannel channel, int messages)
    {
        for (var message = 0; message < messages; message++) await channel.BasicPublishAsync("", Queue, new byte[] { 1 });
    }
}
