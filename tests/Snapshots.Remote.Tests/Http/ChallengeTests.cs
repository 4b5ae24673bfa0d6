using Containerd.Snapshots.Remote.Http;

namespace Containerd.Snapshots.Tests.Remote.Http;

/// <summary>The header WWW-Authenticate.</summary>
internal sealed class ChallengeTests
{
    [TestCase("""Bearer realm="https://a.test/token",service="a.test",scope="repository:x:pull,push" """, "bearer(realm=https://a.test/token;scope=repository:x:pull,push;service=a.test)")]
    [TestCase("""Basic realm="a \"quoted\" name" """, """basic(realm=a "quoted" name)""")]
    [TestCase("""BASIC realm=x, Bearer  realm = "y" , service=z""", "basic(realm=x) bearer(realm=y;service=z)")]
    [TestCase("Negotiate", "negotiate()")]
    [TestCase("Negotiate, Basic realm=x", "negotiate() basic(realm=x)")]
    [TestCase("Bearer realm=\"never closed", "bearer(realm=never closed)")]
    [TestCase("= , ; \"\" ,,", "")]
    [TestCase("", "")]
    public void Challenges_are_read(string header, string expected)
    {
        var read = Challenge.Read([header]).Select(challenge =>
            $"{challenge.Scheme}({string.Join(';', challenge.Parameters.OrderBy(parameter => parameter.Key, StringComparer.Ordinal).Select(parameter => $"{parameter.Key}={parameter.Value}"))})");

        Assert.That(string.Join(' ', read), Is.EqualTo(expected));
    }

    [Test]
    public void What_is_too_long_or_too_much_is_left_out()
    {
        Assert.That(Challenge.Read([$"Bearer realm=\"{new string('a', 10_000)}\""]), Is.Empty);
        Assert.That(Challenge.Read([string.Join(", ", Enumerable.Repeat("Basic", 1000))]), Has.Count.EqualTo(8));
        Assert.That(Challenge.Read([$"Basic {string.Join(", ", Enumerable.Range(0, 500).Select(number => $"p{number}=1"))}"]).Single().Parameters, Has.Count.EqualTo(16));
    }

    [TestCase("""{ "token": "t" }""", "t", 60)]
    [TestCase("""{ "access_token": "t", "expires_in": 300 }""", "t", 300)]
    [TestCase("""{ "token": "", "access_token": "t", "expires_in": "300" }""", "t", 300)]
    [TestCase("""{ "token": "t", "expires_in": 1 }""", "t", 60)]
    [TestCase("""{ "token": "t", "expires_in": 99999999999 }""", "t", 86400)]
    [TestCase("""{ "token": "t", "expires_in": -1 }""", "t", 60)]
    [TestCase("""{ "token": "a\r\nX-Injected: 1" }""", null, 0)]
    [TestCase("""{ "token": "ü" }""", null, 0)]
    [TestCase("""{ "token": 1 }""", null, 0)]
    [TestCase("""{ "token": "\ud800" }""", null, 0)]
    [TestCase("[]", null, 0)]
    [TestCase("null", null, 0)]
    [TestCase("{}", null, 0)]
    [TestCase("", null, 0)]
    public void Answers_of_token_servers_are_read(string answer, string? token, int seconds)
    {
        var read = TokenServer.Parse(System.Text.Encoding.UTF8.GetBytes(answer));

        Assert.That(read?.Token, Is.EqualTo(token));
        Assert.That(read?.Lifetime.TotalSeconds ?? 0, Is.EqualTo(seconds));
    }
}
