using System.Text;
using WhatsOps.Incidents;

namespace WhatsOps.Tests.Unit.Incidents;

/// <summary>What leaves as evidence has no secret and no whole phone number, and is bounded.</summary>
public sealed class EvidenceMaskTests
{
    [Fact]
    public void Texts_of_records_are_masked_wherever_they_stand_and_ids_stay()
    {
        var json = Encoding.UTF8.GetString(EvidenceMask.Json(new
        {
            Number = 12345678901L,
            Id = Guid.Parse("01234567-1234-1234-1234-123456789012"),
            Image = "sha256:" + new string('1', 64),
            Deep = new[] { new { Cause = "sent to 5511987654321", Secret = "password=hunter2hunter2" } },
            Nothing = (string?)null,
        }));
        Assert.Contains("12345678901", json, StringComparison.Ordinal);
        Assert.Contains("01234567-1234-1234-1234-123456789012", json, StringComparison.Ordinal);
        Assert.Contains("sha256:" + new string('1', 64), json, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", json, StringComparison.Ordinal);
        Assert.DoesNotContain("5511987654321", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_too_many_lines_the_newest_stay_in_the_order_of_their_times_and_the_rest_is_counted()
    {
        var at = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var lines = new NewestLines(mostBytes: 3 * 31);
        foreach (var second in (int[])[0, 1, 3, 2]) lines.Add(new WhatsOps.Watch.LogLine(at.AddSeconds(second), $"line{second}"));
        Assert.Equal((3, 1), (lines.Count, lines.Dropped));
        Assert.Equal("2030-01-01T00:00:01.000Z line1\n2030-01-01T00:00:02.000Z line2\n2030-01-01T00:00:03.000Z line3\n", Encoding.UTF8.GetString(lines.ToBytes()));
    }

    [Theory]
    [InlineData("shop-2", true)]
    [InlineData("Shop", false)]
    [InlineData("shop/..", false)]
    [InlineData("shop\n", false)]
    [InlineData("", false)]
    public void A_name_of_a_system_is_no_path(string text, bool isSystem) => Assert.Equal(isSystem, EvidencePaths.IsSystem(text));

    [Theory]
    [InlineData("20300101T031500Z", true)]
    [InlineData("20300101T031500Z/..", false)]
    [InlineData("..", false)]
    [InlineData("20300101T0315", false)]
    public void An_id_names_evidence_and_nothing_else(string text, bool isId)
    {
        Assert.Equal(isId, EvidencePaths.IsId(text));
        Assert.Equal("20300101T031500Z", EvidencePaths.IdOf(new(2030, 1, 1, 0, 15, 0, TimeSpan.FromHours(-3))));
    }
}
