using System.Diagnostics;
using WhatsOps.Telemetry;

namespace WhatsOps.Tests.Unit.Telemetry;

/// <summary>Whoever listens to WhatsOps' spans does so alone: a listener counts for the whole process.</summary>
[CollectionDefinition(nameof(TelemetryListeners), DisableParallelization = true)]
public sealed class TelemetryListeners;

[Collection(nameof(TelemetryListeners))]
public sealed class TracesTests
{
    private const string Cause = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Fact]
    public void Without_a_listener_there_is_no_span_and_nothing_is_allocated()
    {
        var answer = Metrics.Answer("stored");
        Use();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) Use();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Use()
        {
            using var span = Traces.Start("webhook", "receive", ActivityKind.Consumer, Cause);
            Assert.Null(span);
            Assert.Null(Traces.Current);
            Metrics.Webhook(answer);
            Metrics.GatewayCall("shop", "list", "seen", TimeSpan.Zero);
        }
    }

    [Fact]
    public void A_span_with_an_origin_goes_on_in_its_trace_and_is_linked_to_what_runs_now()
    {
        using var listener = Listen(ActivitySamplingResult.AllDataAndRecorded);
        using var sweep = Traces.Start("function", "sweep");
        Assert.NotNull(sweep);
        Assert.Equal(sweep.Id, Traces.Current);
        using (var finding = Traces.Start("finding", "gateway_unreachable", origin: Cause))
        {
            Assert.Equal("0af7651916cd43dd8448eb211c80319c", finding!.TraceId.ToString());
            Assert.Equal("b7ad6b7169203331", finding.ParentSpanId.ToString());
            Assert.Equal(sweep.TraceId, Assert.Single(finding.Links).Context.TraceId);
            Assert.Equal("0af7651916cd43dd8448eb211c80319c", Traces.IdOf(Traces.Id(finding)));
        }

        Assert.Same(sweep, Activity.Current);
        using var child = Traces.Start("gateway", "list", origin: "no traceparent");
        Assert.Equal((sweep.TraceId, sweep.SpanId), (child!.TraceId, child.ParentSpanId));
    }

    [Fact]
    public void What_is_not_recorded_is_no_origin()
    {
        using var listener = Listen(ActivitySamplingResult.PropagationData);
        using var span = Traces.Start("webhook", "receive");
        Assert.NotNull(span);
        Assert.Null(Traces.Current);

        using var other = Listen(ActivitySamplingResult.AllDataAndRecorded);
        using var run = Traces.Start("run", "restart-instance");
        Assert.NotNull(Traces.Id(run));
        Traces.LeaveOut(run);
        Assert.Null(Traces.Id(run));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("00-short-b7ad6b7169203331-01", null)]
    [InlineData(Cause, "0af7651916cd43dd8448eb211c80319c")]
    public void The_trace_id_is_read_from_a_traceparent(string? traceparent, string? expected) => Assert.Equal(expected, Traces.IdOf(traceparent));

    [Fact]
    public void Of_an_address_in_a_library_span_only_the_server_stays()
    {
        using var source = new ActivitySource("System.Net.Http");
        using var listener = Listen(ActivitySamplingResult.AllDataAndRecorded, "System.Net.Http");
        using var scrubber = new SpanScrubber();
        using var parent = source.StartActivity("parent")!;
        using var span = source.StartActivity("POST")!;
        span.SetTag("url.full", "https://user:secret@hooks.example.com:8443/services/T0/B0/secret?key=secret").SetStatus(ActivityStatusCode.Error, "secret");
        scrubber.OnEnd(span);
        Assert.Equal("https://user:secret@hooks.example.com:8443".Replace("user:secret@", "", StringComparison.Ordinal), span.GetTagItem("url.full"));
        Assert.Equal((ActivityStatusCode.Error, null), (span.Status, span.StatusDescription));
        Assert.True(span.Recorded);

        // Nobody's child: polling.
        scrubber.OnEnd(parent);
        Assert.False(parent.Recorded);
    }

    [Fact]
    public async Task Messages_of_exceptions_that_libraries_record_are_left_out()
    {
        using var mask = new ExceptionMask();
        await mask.StartAsync(default);
        using var source = new ActivitySource("Npgsql");
        using var listener = Listen(ActivitySamplingResult.AllDataAndRecorded, "Npgsql");
        using var span = source.StartActivity("db")!;
        span.AddException(new InvalidOperationException("invalid input syntax for type integer: \"secret\""));
        var tags = Assert.Single(span.Events).Tags.ToDictionary();
        Assert.Equal("System.InvalidOperationException", tags["exception.type"]);
        Assert.DoesNotContain(tags.Values, value => value?.ToString()?.Contains("secret", StringComparison.Ordinal) == true);
    }

    private static ActivityListener Listen(ActivitySamplingResult result, string source = Traces.SourceName)
    {
        var listener = new ActivityListener { ShouldListenTo = s => s.Name == source, Sample = (ref ActivityCreationOptions<ActivityContext> _) => result };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
