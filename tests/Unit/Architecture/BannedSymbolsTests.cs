using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace WhatsOps.Tests.Unit.Architecture;

public sealed class BannedSymbolsTests
{
    private static readonly string[] Ids = [.. File.ReadLines(Path.Combine(Sources.Root, "eng", "BannedSymbols.txt")).Where(line => line.Length > 0).Select(line => line.Split(';')[0])];

    [Fact]
    public void Every_banned_symbol_exists_for_a_misspelt_one_bans_nothing()
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(file => MetadataReference.CreateFromFile(file));
        var compilation = CSharpCompilation.Create("Any", references: references);

        Assert.All(Ids, id => Assert.NotEmpty(DocumentationCommentId.GetSymbolsForDeclarationId(id, compilation)));
    }

    [Theory]
    [InlineData("P:System.DateTime.Today")]
    [InlineData("M:System.Random.#ctor(System.Int32)")]
    [InlineData("M:System.Guid.CreateVersion7")]
    [InlineData("M:System.Threading.Tasks.Task.Delay(System.TimeSpan)")]
    [InlineData("M:System.Threading.Tasks.Task.Delay(System.TimeSpan,System.Threading.CancellationToken)")]
    [InlineData("M:System.Threading.CancellationTokenSource.#ctor(System.TimeSpan)")]
    [InlineData("T:System.Diagnostics.Stopwatch")]
    public void Time_and_chance_that_no_test_can_hold_are_banned(string id) => Assert.Contains(id, Ids);
}
