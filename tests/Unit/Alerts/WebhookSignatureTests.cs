using System.Security.Cryptography;
using System.Text;
using WhatsOps.Alerts;

namespace WhatsOps.Tests.Unit.Alerts;

public sealed class WebhookSignatureTests
{
    // The example of the Standard Webhooks specification.
    [Fact]
    public void It_is_what_the_specification_computes() => Assert.Equal(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        WebhookSignature.Of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, Encoding.UTF8.GetBytes("{\"test\": 2432232314}")));

    [Theory]
    [InlineData("plain words")]
    [InlineData("whsec_no base64!")]
    public void A_secret_that_is_no_base64_is_taken_as_its_text(string secret) => Assert.Equal(
        "v1," + Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes("id.1.body"))),
        WebhookSignature.Of(secret, "id", 1, Encoding.UTF8.GetBytes("body")));
}
