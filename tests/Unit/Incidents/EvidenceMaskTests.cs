using System.Text;
using System.Text.Json;
using CsCheck;
using WhatsOps.Incidents;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Unit.Incidents;

/// <summary>What leaves as evidence has no secret and no whole phone number, and is bounded.</summary>
public sealed class EvidenceMaskTests
{
    private const string Hex64 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    // With long runs of digits in them.
    private static readonly string[] Ids =
    [
        "8a6e0804-2bd0-4672-b79d-d97027f9071a", "01234567-1234-1234-1234-123456789012", "55119876-5511-9876-5432-155119876543", $"SHA-256 {Hex64}", $"sha256:{Hex64}", "sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "md5:0123456789abcdef0123456789abcdef", "2030-01-01T00:00:00.123456789Z", "2030-01-01T00:00:00.12345678-03:00", "20300101T031500Z", "20240101120000-create-messages.js",
    ];

    private static readonly Gen<string> Phones = Gen.Char['0', '9'].Array[10, 13].Select(digits => new string(digits));
    private static readonly Gen<string> Borders = Gen.OneOf(" ", ",", "-", ":", ".", "T", "Z", "x", "\"", "/", "@s.whatsapp.net ", ".js ", "sha256:", "SHA-256 ", "+", "");

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
        foreach (var second in (int[])[0, 1, 3, 2]) lines.Add(new LogLine(at.AddSeconds(second), $"line{second}"));
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

    [Fact]
    public void Ids_hashes_and_times_within_a_text_stay()
    {
        Assert.All(Ids, id => Assert.Equal($"see {id}, please", EvidenceMask.Text($"see {id}, please")));
        Assert.Equal($"incidents/shop/20300101T031500Z/evidence.tar.gz, SHA-256 {Hex64}: *** called", EvidenceMask.Text($"incidents/shop/20300101T031500Z/evidence.tar.gz, SHA-256 {Hex64}: 5511987654321 called"));
        Assert.Equal("*** at once", EvidenceMask.Text("password=8a6e0804-2bd0-4672-b79d-d97027f9071a at once"));
    }

    [Fact]
    public void Outside_of_them_no_phone_number_stays_whatever_stands_around_it() =>
        Gen.Select(Gen.Select(Gen.OneOf(Ids), Borders).Array[0, 3], Borders, Phones, Borders, Gen.Select(Gen.OneOf(Ids), Borders).Array[0, 3]).Sample((before, left, phone, right, after) =>
        {
            var first = string.Concat(before.Select(part => part.Item1 + part.Item2)) + left;
            var last = right + string.Concat(after.Select(part => part.Item2 + part.Item1));
            Assert.DoesNotContain(phone, EvidenceMask.Text(first + phone + last), StringComparison.Ordinal);
        }, iter: 50_000);

    [Fact]
    public void What_is_called_a_secret_is_hidden_and_bare_hex_is_only_a_hash_where_it_is_called_so()
    {
        var json = JsonDocument.Parse(EvidenceMask.Json(new
        {
            Password = "abc", ClientSecret = 1234, Authorization = (string[])["a", "b"], Token = new { Value = "x" }, ApiKey = (string?)null, IsSecret = true,
            Id = Hex64, ImageId = Hex64, Sha256 = Hex64, ConfigDigest = Hex64, PlanHash = Hex64, Image = "sha256:" + Hex64, Value = Hex64, Values = (string[])[Hex64.ToUpperInvariant()], Grid = Hex64,
        })).RootElement;
        Assert.All((string[])["password", "clientSecret", "authorization", "token", "value", "grid"], name => Assert.Equal("***", json.GetProperty(name).GetString()));
        Assert.Equal("***", json.GetProperty("values")[0].GetString());
        Assert.Equal((JsonValueKind.Null, JsonValueKind.True), (json.GetProperty("apiKey").ValueKind, json.GetProperty("isSecret").ValueKind));
        Assert.All((string[])["id", "imageId", "sha256", "configDigest", "planHash"], name => Assert.Equal(Hex64, json.GetProperty(name).GetString()));
        Assert.Equal("sha256:" + Hex64, json.GetProperty("image").GetString());
    }

    [Theory]
    [InlineData("a|-----BEGIN PRIVATE KEY-----|MIIEvQIBADANBgkqhkiG|Aw==|-----END PRIVATE KEY-----|b", "a|***|***|***|***|b")]
    [InlineData("MIIEvQIBADANBgkqhkiG|Aw==|-----END PRIVATE KEY-----|b", "***|***|***|b")]
    [InlineData(@"a|-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----|b", "a|***|b")]
    public void A_private_key_over_several_lines_is_hidden_to_its_end(string lines, string expected)
    {
        var newest = new NewestLines(1000);
        foreach (var line in lines.Split('|')) newest.Add(line);
        Assert.Equal(expected, Encoding.UTF8.GetString(newest.ToBytes()).TrimEnd('\n').Replace('\n', '|'));
    }

    [Fact]
    public void A_key_without_an_end_does_not_hide_the_rest_of_a_log()
    {
        var newest = new NewestLines(100_000);
        newest.Add("-----BEGIN PRIVATE KEY-----");
        for (var line = 0; line < 300; line++) newest.Add("MIIE");
        Assert.Equal(50, Encoding.UTF8.GetString(newest.ToBytes()).Split('\n').Count(line => line == "MIIE"));
    }
}
