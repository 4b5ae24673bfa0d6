using System.Text;
using System.Text.Json;
using Containerd.Snapshots.Remote.Hosts;

namespace Containerd.Snapshots.Remote.Credentials;

/// <summary>docker's config.json, read anew at each question: what <c>docker login</c> and the kubelet's operator write there.</summary>
internal sealed class DockerConfig(string path, CredentialProgram program) : ICredentialSource
{
    private const int MaxFileSize = 4 << 20;

    // docker has kept Docker Hub's credentials under this name since its first version.
    private const string DockerHubServer = "https://index.docker.io/v1/";

    public bool Keeps => false;

    public async Task<IReadOnlyList<RegistryCredentials>> FindAsync(string host, string repository, bool anew, CancellationToken cancellationToken)
    {
        if (Read() is not { } config)
            return [];

        var found = new List<RegistryCredentials>();
        if (await AskHelperAsync(config, host, repository, cancellationToken).ConfigureAwait(false) is { } helped)
            found.Add(helped);

        found.AddRange(Best(config.Auths, host, repository).Select(Decode).OfType<RegistryCredentials>());
        return found;
    }

    private DockerConfigJson? Read()
    {
        try
        {
            if (new FileInfo(path) is not { Exists: true } file)
                return null;
            if (file.Length > MaxFileSize)
                throw new RegistryException(RegistryError.Misconfigured, $"{path} is larger than 4 MiB");

            return JsonSerializer.Deserialize(File.ReadAllBytes(path), CredentialJson.Default.DockerConfigJson);
        }
        catch (JsonException exception)
        {
            // The message of the exception has a part of the file.
            throw new RegistryException(RegistryError.Misconfigured, $"cannot read {path}: line {exception.LineNumber + 1} is not as docker writes it");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RegistryException(RegistryError.Misconfigured, $"cannot read {path}: {exception.Message}", exception);
        }
    }

    // The most exact name first, as the kubelet has it.
    private static IEnumerable<T> Best<T>(Dictionary<string, T>? entries, string host, string repository) => (entries ?? [])
        .Where(entry => ImagePattern.Fits(entry.Key, host, repository))
        .OrderByDescending(entry => ImagePattern.Plain(entry.Key), StringComparer.Ordinal)
        .Select(entry => entry.Value);

    private RegistryCredentials? Decode(DockerAuthJson? auth)
    {
        if (auth?.IdentityToken is { Length: > 0 } identity)
            return RegistryCredentials.OfIdentityToken(identity);
        if (auth?.RegistryToken is { Length: > 0 } token)
            return RegistryCredentials.OfRegistryToken(token);
        if (auth?.Auth is not { Length: > 0 } encoded)
            return auth?.User is { Length: > 0 } user ? RegistryCredentials.OfUser(user, auth.Password ?? "") : null;

        try
        {
            var text = Encoding.UTF8.GetString(Convert.FromBase64String(encoded));
            if (text.IndexOf(':', StringComparison.Ordinal) is var colon and >= 0)
                return RegistryCredentials.OfUser(text[..colon], text[(colon + 1)..].TrimEnd('\0'));
        }
        catch (FormatException)
        {
            // Told below.
        }

        throw new RegistryException(RegistryError.Misconfigured, $"{path} has an \"auth\" that is not USER:PASSWORD in Base64");
    }

    private async Task<RegistryCredentials?> AskHelperAsync(DockerConfigJson config, string host, string repository, CancellationToken cancellationToken)
    {
        var name = Best(config.Helpers, host, repository).FirstOrDefault() ?? config.Store;
        if (string.IsNullOrEmpty(name))
            return null;
        if (name.Any(character => !char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_' or '.')))
            throw new RegistryException(RegistryError.Misconfigured, $"{path} names a credential helper with characters that no helper has");

        var server = host is HostName.DockerHubRegistry or HostName.DockerHub ? DockerHubServer : host;
        var (exitCode, answer) = await program.RunAsync([$"docker-credential-{name}", "get"], [], server, cancellationToken).ConfigureAwait(false);

        // A helper that has nothing fails, and says so in words of its own.
        return exitCode == 0 ? Parse(answer, name) : null;
    }

    private static RegistryCredentials? Parse(string answer, string name)
    {
        try
        {
            var parsed = JsonSerializer.Deserialize(answer, CredentialJson.Default.HelperAnswerJson);
            return parsed is not { Secret.Length: > 0 } ? null
                : parsed.Username == "<token>" ? RegistryCredentials.OfIdentityToken(parsed.Secret)
                : RegistryCredentials.OfUser(parsed.Username ?? "", parsed.Secret);
        }
        catch (JsonException)
        {
            throw new RegistryException(RegistryError.Misconfigured, $"docker-credential-{name} answers something else than credentials");
        }
    }
}
