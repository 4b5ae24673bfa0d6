using System.Text;

namespace Containerd.Snapshots.Remote.Credentials;

/// <summary>What a registry accepts: a user with a password, or a token. It is never printed.</summary>
internal sealed class RegistryCredentials
{
    private RegistryCredentials()
    {
    }

    public string User { get; private init; } = "";

    public string Password { get; private init; } = "";

    /// <summary>A token with which other tokens are asked for (OAuth2's refresh token), or null.</summary>
    public string? IdentityToken { get; private init; }

    /// <summary>A token for the registry itself, or null.</summary>
    public string? RegistryToken { get; private init; }

    /// <summary>The header for basic authentication, or null if there is no user.</summary>
    public string? Basic => User.Length + Password.Length > 0 ? $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}"))}" : null;

    public static RegistryCredentials OfUser(string user, string password) => new() { User = user, Password = password };

    public static RegistryCredentials OfIdentityToken(string token) => new() { IdentityToken = token };

    public static RegistryCredentials OfRegistryToken(string token) => new() { RegistryToken = token };
}
