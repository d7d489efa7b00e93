using System.Text;
using System.Text.Json;
using CsCheck;
using WhatsOps.Gateways;
using WhatsOps.Gateways.Evolution;

namespace WhatsOps.Tests.Unit.Gateways;

public sealed class EvolutionListReaderTests
{
    private const string V2 =
        """
        [{"id":"1","name":"a","connectionStatus":"open","ownerJid":"5511@s.whatsapp.net","number":null,"token":"T","disconnectionReasonCode":null,"disconnectionObject":null,
          "disconnectionAt":null,"updatedAt":"2026-11-23T00:29:01.886Z","Proxy":{"name":"not-me","password":"p","connectionStatus":"x"},"Setting":{"id":"9"},"_count":{"Message":0}},
         {"id":"2","name":"b","connectionStatus":"close","ownerJid":null,"disconnectionReasonCode":null,
          "disconnectionObject":"{\"error\":{\"output\":{\"statusCode\":401}}}","disconnectionAt":"2026-11-22T00:00:00.000Z"},
         {"name":"c","connectionStatus":"paused"}]
        """;

    [Fact]
    public async Task Rows_of_2_x_are_read_and_what_is_nested_in_them_is_not_taken_for_theirs()
    {
        var list = await ReadAsync(V2);

        Assert.Equal(EvolutionVersion.V2, list.Version);
        Assert.Equal(new InstanceSnapshot("a", InstanceState.Open, "1", true, null, null, new DateTimeOffset(2026, 11, 23, 0, 29, 1, 886, TimeSpan.Zero)) { Token = new("T") }, list.Instances[0]);
        Assert.Equal(new InstanceSnapshot("b", InstanceState.Close, "2", false, 401, new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero), null), list.Instances[1]);
        Assert.Equal(new InstanceSnapshot("c", InstanceState.Unknown, null, false, null, null, null), list.Instances[2]);
    }

    [Theory]
    [InlineData("""[{"instance":{"instanceName":"a","instanceId":"1","owner":"5511@s.whatsapp.net","status":"open","apikey":"k"}},{"instance":{"instanceName":"b","status":"close"}}]""", 2)]
    [InlineData("""{"instance":{"instanceName":"a","instanceId":"1","owner":"5511@s.whatsapp.net","status":"open","apikey":"k","integration":{"status":"x","instanceName":"y"}}}""", 1)]
    public async Task Rows_of_1_x_are_read_as_array_or_as_a_single_object(string json, int count)
    {
        var list = await ReadAsync(json);

        Assert.Equal((EvolutionVersion.V1, count), (list.Version, list.Instances.Count));
        Assert.Equal(new InstanceSnapshot("a", InstanceState.Open, "1", true, null, null, null) { Token = new("k") }, list.Instances[0]);
    }

    [Fact]
    public async Task A_token_is_kept_where_nobody_can_read_it()
    {
        var instance = (await ReadAsync(V2.Replace("\"T\"", "\"SECRET-TOKEN\"", StringComparison.Ordinal))).Instances[0];
        Assert.Equal(new InstanceToken("SECRET-TOKEN"), instance.Token);
        Assert.DoesNotContain("SECRET-TOKEN", $"{instance} {JsonSerializer.Serialize(instance)} {JsonSerializer.Serialize(instance.Token)}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_list_is_a_list_of_no_dialect()
    {
        Assert.Equal((0, null), ((await ReadAsync("[]")).Instances.Count, (await ReadAsync(" [ ] ")).Version));
    }

    [Fact]
    public void However_the_bytes_arrive_the_list_is_the_same_and_a_cut_is_noticed() => Gen.Select(Gen.Int[1, 400], Gen.Int[1, V2.Length - 1]).Sample(sizes =>
    {
        var whole = ReadAsync(V2).GetAwaiter().GetResult();
        var chunked = EvolutionListReader.ReadAsync(new Trickle(Encoding.UTF8.GetBytes(V2), sizes.Item1), default).GetAwaiter().GetResult();
        Assert.Equal(whole.Instances, chunked.Instances);
        Assert.ThrowsAny<JsonException>(() => EvolutionListReader.ReadAsync(new Trickle(Encoding.UTF8.GetBytes(V2)[..sizes.Item2], sizes.Item1), default).GetAwaiter().GetResult());
    }, iter: 200);

    [Theory]
    [InlineData("\"{\\\"error\\\":{\\\"output\\\":{\\\"statusCode\\\":515}}}\"", 515)]
    [InlineData("{\"error\":{\"output\":{\"statusCode\":401}}}", 401)]
    [InlineData("{\"error\":\"x\"}", null)]
    [InlineData("not json", null)]
    [InlineData("{\"error\":{\"output\":{\"statusCode\":4e99}}}", null)]
    public void The_reason_is_found_however_often_it_was_wrapped(string text, int? reason) => Assert.Equal(reason, EvolutionDisconnection.ReasonOf(text));

    [Fact]
    public async Task Five_hundred_instances_cost_little_more_than_their_names()
    {
        var row = V2[(V2.IndexOf('[', StringComparison.Ordinal) + 1)..V2.IndexOf("},\n {\"id\":\"2\"", StringComparison.Ordinal)] + "}";
        var bytes = Encoding.UTF8.GetBytes("[" + string.Join(',', Enumerable.Range(0, 500).Select(number => row.Replace("\"a\"", $"\"revalya-{number}\"", StringComparison.Ordinal))) + "]");
        await EvolutionListReader.ReadAsync(new MemoryStream(bytes), default);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var list = await EvolutionListReader.ReadAsync(new MemoryStream(bytes), default);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(500, list.Instances.Count);
        Assert.True(allocated < 500 * 400, $"{allocated} bytes for {bytes.Length} bytes of JSON");
    }

    private static Task<EvolutionList> ReadAsync(string json) => EvolutionListReader.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(json)), default);

    private sealed class Trickle(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
    }
}
