using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Docker.DotNet;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Unit.Watch;

public sealed class LogReaderTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    private static readonly Gen<(bool Error, int Second, string Text)[]> Logs = Gen.Select(
        Gen.Bool, Gen.Int[0, 59], Gen.OneOf(Gen.Char[' ', '~'].Array[1, 40].Select(chars => new string(chars)), Gen.OneOf("ação €", "x", "😀", "2026-11-25T12:00:00Z ")))
        .Array[0, 12].Select(log => log.Select((line, index) => (line.Item1, line.Item2, $"{(line.Item1 ? 'e' : 'o')}{index} {line.Item3}")).ToArray());

    [Fact]
    public Task However_the_frames_are_cut_each_line_comes_once_and_whole() => Gen.Select(Logs, Gen.Int[1, 50].Array[1, 20]).SampleAsync(async (log, cuts) =>
    {
        var read = await ReadAsync(Frames(log, cuts), multiplexed: true, 0, 60);
        // The two outputs are cut apart, so only the order within each is known.
        foreach (var error in (bool[])[false, true])
            Assert.Equal(log.Where(line => line.Error == error).Select(line => line.Text), read.Select(line => line.Text).Where(text => text[0] == (error ? 'e' : 'o')));
    });

    [Fact]
    public Task Of_a_terminal_the_bytes_are_the_lines() => Logs.SampleAsync(async log =>
    {
        var bytes = Encoding.UTF8.GetBytes(string.Concat(log.Select(line => $"{Stamp(line.Second)} {line.Text}\r\n")));
        Assert.Equal(log.Select(line => line.Text), (await ReadAsync(bytes, multiplexed: false, 0, 60)).Select(line => line.Text));
    });

    [Fact]
    public Task Wherever_a_log_is_cut_into_looks_each_line_is_in_one_of_them() => Gen.Select(Logs, Gen.Int[0, 60]).SampleAsync(async (log, cut) =>
    {
        var bytes = Frames(log, [7]);
        var both = (await ReadAsync(bytes, true, 0, cut)).Concat(await ReadAsync(bytes, true, cut, 60)).Select(line => line.Text);
        Assert.Equal(log.Select(line => line.Text).Order(StringComparer.Ordinal), both.Order(StringComparer.Ordinal));
    });

    [Fact]
    public async Task Above_its_limit_it_stops_and_says_so()
    {
        var line = Encoding.UTF8.GetBytes($"{Stamp(1)} {new string('x', 1000)}\n");
        var few = LogReader.MostBytes / line.Length;
        Assert.False(await CappedAsync(few));
        Assert.True(await CappedAsync(few + 1));

        async Task<bool> CappedAsync(int lines)
        {
            using var stream = new MultiplexedStream(new MemoryStream([.. Enumerable.Repeat(line, lines).SelectMany(bytes => bytes)]), false);
            return await LogReader.ReadAsync(stream, Noon, Noon.AddMinutes(1), _ => { }, default);
        }
    }

    [Fact]
    public async Task What_has_no_time_is_no_line() =>
        Assert.Equal(["good"], (await ReadAsync(Encoding.UTF8.GetBytes($"rubbish\n\n \n{Stamp(3)} \n{Stamp(3)} good\nmore rubbish"), false, 0, 60)).Select(line => line.Text));

    private static string Stamp(int second) => $"{Noon.AddSeconds(second):yyyy-MM-ddTHH:mm:ssZ}";

    private static async Task<List<LogLine>> ReadAsync(byte[] bytes, bool multiplexed, int from, int to)
    {
        var lines = new List<LogLine>();
        using var stream = new MultiplexedStream(new MemoryStream(bytes), multiplexed);
        Assert.False(await LogReader.ReadAsync(stream, Noon.AddSeconds(from), Noon.AddSeconds(to), lines.Add, default));
        return lines;
    }

    // Each output is cut into frames of these sizes, and the frames of both are mixed.
    private static byte[] Frames((bool Error, int Second, string Text)[] log, int[] cuts)
    {
        var outputs = ((byte[])[1, 2]).Select(output => (Output: output, Bytes: new Queue<byte>(Encoding.UTF8.GetBytes(
            string.Concat(log.Where(line => line.Error == (output == 2)).Select(line => $"{Stamp(line.Second)} {line.Text}\n")))))).ToArray();
        var frames = new List<byte>();
        for (var turn = 0; outputs.Any(output => output.Bytes.Count > 0); turn++)
        {
            var (output, bytes) = outputs[turn % 2];
            var size = Math.Min(cuts[turn / 2 % cuts.Length], bytes.Count);
            if (size == 0) continue;
            var header = new byte[8];
            header[0] = output;
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), size);
            frames.AddRange(header);
            for (var count = 0; count < size; count++) frames.Add(bytes.Dequeue());
        }

        return [.. frames];
    }
}
