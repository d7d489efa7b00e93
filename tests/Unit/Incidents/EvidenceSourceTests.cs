using System.Text.Json;
using Npgsql;
using WhatsOps.Containers;
using WhatsOps.Incidents;

namespace WhatsOps.Tests.Unit.Incidents;

/// <summary>A source that fails costs its own part only, and no part shows a whole phone number.</summary>
public sealed class EvidenceSourceTests
{
    public static TheoryData<Exception> Failures => [new NpgsqlException("no"), new TimeoutException(), new IOException(), new InvalidDataException(), new JsonException(), new InvalidOperationException(), new HttpRequestException()];

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Whatever_fails_is_a_part_that_could_not_be_had(Exception failure)
    {
        var (part, bytes) = await CollectAsync(new("x", _ => Task.FromException<EvidenceContent>(failure)));
        Assert.Equal((EvidenceOutcome.Unreachable, null), (part.Outcome, part.Sha256));
        Assert.Empty(bytes);
    }

    [Fact]
    public async Task Words_are_masked_whether_it_was_had_or_not()
    {
        const string Words = "/app/5511987654321.log";
        EvidenceSource[] sources =
        [
            new("x", _ => Task.FromResult(new EvidenceContent([1], Words))), new("x", _ => Task.FromResult(new EvidenceContent(null, Words))), new("x", _ => Task.FromException<EvidenceContent>(new ContainerException(Words))),
        ];
        foreach (var source in sources) Assert.Equal("/app/***.log", (await CollectAsync(source)).Part.Words);
    }

    [Fact]
    public void Names_that_are_one_without_their_numbers_are_counted()
    {
        var sources = EvidenceSource.Shown([Named("logs/wa-5511987654321.txt"), Named("logs/wa.txt"), Named("logs/wa-5511987654322.txt"), Named("logs/wa-5511987654323.txt")]);
        Assert.Equal(["logs/wa-xxx.txt", "logs/wa.txt", "logs/wa-xxx.2.txt", "logs/wa-xxx.3.txt"], sources.Select(source => source.Name));
    }

    private static EvidenceSource Named(string name) => new(name, _ => Task.FromResult(new EvidenceContent(null, "")));

    private static Task<(EvidencePart Part, byte[] Bytes)> CollectAsync(EvidenceSource source) => source.CollectAsync(TimeProvider.System, default, default);
}
