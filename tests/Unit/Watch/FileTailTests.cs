using System.Text;
using CsCheck;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Unit.Watch;

/// <summary>A growing file is read in pieces, each line once, whatever happens to it in between.</summary>
public sealed class FileTailTests
{
    [Fact]
    public Task However_a_file_grows_each_whole_line_comes_once_and_in_order() =>
        Gen.Select(Gen.Char['a', 'z'].Array[0, 40].Select(letters => new string(letters)).Array[1, 40], Gen.Int[1, 300].Array[1, 40]).SampleAsync(async (lines, steps) =>
        {
            var whole = Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")));
            var seen = new List<string>();
            // An empty file to begin with.
            var cursor = Cursor(await ReadAsync([], null, _ => { }));
            for (int at = 0, step = 0; at < whole.Length; step++)
            {
                at = Math.Min(whole.Length, at + steps[step % steps.Length]);
                cursor = Cursor(await ReadAsync(whole[..at], cursor, seen.Add));
            }

            Assert.Equal(lines.Where(line => line.Length > 0), seen);
        }, iter: 200);

    [Fact]
    public async Task What_was_there_before_the_first_look_is_not_read_and_a_line_begun_then_is_read_whole()
    {
        var seen = new List<string>();
        var first = await ReadAsync(Bytes("old\nhalf"), null, seen.Add);
        Assert.Equal((4, true, false), (first.Position, first.IsSame, first.IsCut));
        await ReadAsync(Bytes("old\nhalf a line\n"), Cursor(first), seen.Add);
        Assert.Equal(["half a line"], seen);
    }

    [Theory]
    [InlineData("b\n")]
    [InlineData("bbbbbbbb\nc\n")]
    [InlineData("")]
    public async Task Another_file_of_the_name_is_read_from_its_beginning(string next)
    {
        var seen = new List<string>();
        var cursor = Cursor(await ReadAsync(Bytes("a\na\n"), null, seen.Add));
        var tail = await ReadAsync(Bytes(next), cursor, seen.Add);
        Assert.False(tail.IsSame);
        Assert.Equal(next.Split('\n', StringSplitOptions.RemoveEmptyEntries), seen);
    }

    [Fact]
    public async Task Only_the_same_file_is_read_where_that_is_wanted()
    {
        var seen = new List<string>();
        var cursor = Cursor(await ReadAsync(Bytes("a\n"), null, seen.Add));
        Assert.False((await FileTail.ReadAsync(new MemoryStream(Bytes("x\ny\n")), 4, cursor, onlySame: true, seen.Add, default)).IsSame);
        Assert.True((await FileTail.ReadAsync(new MemoryStream(Bytes("a\ny\n")), 4, cursor, onlySame: true, seen.Add, default)).IsSame);
        Assert.Equal(["y"], seen);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public async Task Of_a_flood_the_newest_lines_are_read_and_that_is_told(int more, bool isCut)
    {
        var cursor = Cursor(await ReadAsync([], null, _ => { }));
        var line = new string('x', 1023) + "\n";
        var flood = Bytes(string.Concat(Enumerable.Repeat(line, FileTail.MostBytes / line.Length)) + new string('y', more));
        var seen = 0;
        var tail = await ReadAsync(flood, cursor, _ => seen++);
        Assert.Equal(isCut, tail.IsCut);
        // The line that the cut goes through is none.
        Assert.Equal((FileTail.MostBytes / line.Length) - more, seen);
        Assert.Equal(FileTail.MostBytes, tail.Position);
    }

    [Fact]
    public async Task A_line_without_an_end_is_held_in_part_only()
    {
        var cursor = Cursor(await ReadAsync([], null, _ => { }));
        var seen = new List<string>();
        await ReadAsync(Bytes(new string('x', 100_000) + "\nb\r\n"), cursor, seen.Add);
        Assert.Equal([16 * 1024, 1], seen.Select(line => line.Length));
    }

    private static FileCursor Cursor(FileTail tail) => new(tail.Position, tail.Head, 0, default, default, default);

    private static Task<FileTail> ReadAsync(byte[] file, FileCursor? from, Action<string> each) => FileTail.ReadAsync(new MemoryStream(file), file.Length, from, onlySame: false, each, default);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
