using System.Security.Cryptography;
using System.Text;
using WhatsOps.Events;

namespace WhatsOps.Tests.Unit.Delivery;

public sealed class DeliverySignatureTests
{
    private static readonly byte[] Key = Encoding.UTF8.GetBytes("thirty-two bytes of a good key..");
    private static readonly string Whsec = "whsec_" + Convert.ToBase64String(Key);

    // The example of the Standard Webhooks specification.
    [Fact]
    public void It_is_what_the_specification_computes() => Assert.Equal(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        DeliverySignature.Of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}"u8));

    [Fact]
    public void It_is_the_hmac_of_id_timestamp_and_body_under_the_decoded_key()
    {
        var expected = Convert.ToBase64String(HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes("id-1.1700000000.{\"a\":1}")));
        Assert.Equal("v1," + expected, DeliverySignature.Of(Whsec, "id-1", 1700000000, "{\"a\":1}"u8));
    }

    [Fact]
    public void A_secret_in_another_form_is_the_key_itself()
    {
        var expected = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes("plain"), Encoding.UTF8.GetBytes("id.1.")));
        Assert.Equal("v1," + expected, DeliverySignature.Of("plain", "id", 1, []));
    }

    [Theory]
    [InlineData("plain", false)]
    [InlineData("whsec_MDEyMzQ1Njc4OQ==", false)]
    [InlineData("whsec_", true)]
    [InlineData("whsec_not base64", true)]
    public void A_secret_that_no_library_would_read_is_known_as_one(string secret, bool isMalformed) => Assert.Equal(isMalformed, DeliverySignature.IsMalformed(secret));
}
