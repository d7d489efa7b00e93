using System.Globalization;
using CsCheck;
using WhatsOps.Events;
using WhatsOps.Gateways;

namespace WhatsOps.Tests.Unit.Events;

public sealed class PhoneMaskTests
{
    private static readonly Gen<string> Number = Gen.Select(
        OneOf("", "55", "+55", "+1", "+351", "0055"), OneOf("", " ", "-", "."), OneOf("", "11", "(11)", "021", "(415)"), OneOf("", " ", "-", "."),
        OneOf("9", "9 ", ""), Gen.Int[2100, 9999], OneOf("", " ", "-", "."), Gen.Int[0, 9999],
        (country, a, area, b, nine, left, c, right) => $"{(country.Length == 0 ? "" : country + a)}{(area.Length == 0 ? "" : area + b)}{nine}{left}{c}{right:0000}");

    private static readonly Gen<string> NoNumber = Gen.OneOf(
        Gen.DateTime[new DateTime(1990, 1, 1, 0, 0, 0, DateTimeKind.Utc), new DateTime(2089, 12, 31, 0, 0, 0, DateTimeKind.Utc)].SelectMany(time => OneOf(
            time.ToString("O", CultureInfo.InvariantCulture), time.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture), time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            time.ToString("u", CultureInfo.InvariantCulture), time.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'+00:00'", CultureInfo.InvariantCulture),
            time.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture), time.ToString("dd.MM.yyyy HH:mm", CultureInfo.InvariantCulture))),
        Gen.Guid.Select(id => id.ToString()),
        Gen.Select(Gen.Byte, Gen.Byte, Gen.Byte, Gen.Byte, Gen.Int[1, 65535], (a, b, c, d, port) => $"{a}.{b}.{c}.{d}:{port}"),
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 99], Gen.Int[10000, 99999], (a, b, c) => $"v{a}.{b}.{c}"),
        Gen.Select(Gen.Int[0, 999999], Gen.Int[0, 999], (a, b) => $"{a}.{b:000} ms"),
        Gen.Const("10.0.19045.3570"), Gen.Const("R-076 2030-01"), Gen.Const("2.3.6"), Gen.Const("00:05:00.1234567"));

    [Theory]
    [InlineData("+55 (11) 99999-0000", "+** (**) *****-0000")]
    [InlineData("5511999990000", "*********0000")]
    [InlineData("11 99999 0000", "** ***** 0000")]
    [InlineData("(11) 9.9999-0000", "(**) *.****-0000")]
    [InlineData("1.800.555.1234", "*.***.***.1234")]
    [InlineData("99999.0000", "*****.0000")]
    [InlineData("+55+11+99999-0000", "+**+**+*****-0000")]
    [InlineData("123.456.789-00", "***.***.*89-00")]
    [InlineData("2026-03-01 11999990000", "2026-03-01 *******0000")]
    [InlineData("11 99999-0000 at 2026-03-01 12:00", "** *****-0000 at 2026-03-01 12:00")]
    [InlineData("revalya-5511999990000-x", "revalya-*********0000-x")]
    [InlineData("555-0100", "555-0100")]
    [InlineData("12345678.5", "****5678.5")]
    public void Of_a_number_the_last_four_digits_stay(string text, string masked) => Assert.Equal(masked, PhoneMask.Mask(text));

    [Fact]
    public void However_a_number_is_written_nobody_can_read_it() => Gen.Select(Number, OneOf("", "call ", "reason: ", "(", "tel="), OneOf("", " now", ")", ".", ", please")).Sample((number, before, after) =>
    {
        var digits = string.Concat(number.Where(char.IsDigit));
        var masked = PhoneMask.Mask(before + number + after);
        Assert.Equal(before.Length + number.Length + after.Length, masked.Length);
        Assert.Equal(digits.Length < 8 ? digits : digits[^4..], string.Concat(masked.Where(char.IsDigit)));
        Assert.Equal(masked, PhoneMask.Mask(masked));
    }, iter: 20_000);

    [Fact]
    public void What_only_looks_like_a_number_stays() => Gen.Select(NoNumber, OneOf("", "at ", "from=", "["), OneOf("", " was seen", "]", ", 12 times")).Sample((text, before, after) =>
        Assert.Equal(before + text + after, PhoneMask.Mask(before + text + after)), iter: 20_000);

    [Fact]
    public void In_any_text_no_eight_digits_stay_together() => Gen.String[Gen.Char["0123456789 .-()+a:"], 0, 60].Sample(text =>
    {
        var masked = PhoneMask.Mask(text);
        Assert.DoesNotMatch(@"(?<![:.,\d]\d*)\d{8,}", masked);
        Assert.Equal(text.Length, masked.Length);
    }, iter: 20_000);

    [Theory]
    [InlineData("number +55 (11) 98765-4321 is not on WhatsApp", "number +55 (**) *****-**21 is not on WhatsApp")]
    [InlineData("no answer from 192.168.100.200:8080 at 2026-03-01T12:00:00Z", "no answer from 192.168.100.200:8080 at 2026-03-01T12:00:00Z")]
    public void A_gateways_message_is_masked_alike(string message, string safe) => Assert.Equal(safe, GatewayErrors.Safe(message, null));

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);
}
