using Containerd.Snapshots.Remote.Hosts;

namespace Containerd.Snapshots.Remote.Credentials;

/// <summary>
/// The kubelet's credential providers: programs such as <c>ecr-credential-provider</c>. What they answer is kept as long as they
/// allow. The configuration is read again once it has changed.
/// </summary>
internal sealed class KubeletProviders(string configuration, string binDirectory, CredentialProgram program, TimeProvider time) : ICredentialSource
{
    private const int MaxFileSize = 1 << 20;

    private readonly ProviderCache _cache = new(time);
    private (FileStamp Stamp, IReadOnlyList<CredentialProvider> Providers)? _read;

    public bool Keeps => true;

    public async Task<IReadOnlyList<RegistryCredentials>> FindAsync(string host, string repository, bool anew, CancellationToken cancellationToken)
    {
        // A provider knows Docker Hub by its name, not by its registry's.
        var name = host == HostName.DockerHubRegistry ? HostName.DockerHub : host;
        var found = new List<RegistryCredentials>();
        foreach (var provider in Providers().Where(provider => !provider.NeedsPod && provider.MatchImages.Any(pattern => ImagePattern.Fits(pattern, name, repository))))
        {
            var answer = (anew ? null : _cache.Find(provider.Name, name, repository))
                ?? await AskAsync(provider, name, repository, cancellationToken).ConfigureAwait(false);
            found.AddRange(answer.For(name, repository));
        }

        return found;
    }

    private IReadOnlyList<CredentialProvider> Providers()
    {
        var stamp = FileStamp.Of(configuration);
        if (_read is { } read && read.Stamp == stamp)
            return read.Providers;

        try
        {
            if (stamp.Length > MaxFileSize)
                throw new FormatException("it is larger than 1 MiB");

            var providers = ProviderConfig.Read(File.ReadAllText(configuration));
            _read = (stamp, providers);
            return providers;
        }
        catch (Exception exception) when (exception is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new RegistryException(RegistryError.Misconfigured, $"cannot read {configuration}: {exception.Message}", exception);
        }
    }

    private async Task<ProviderAnswer> AskAsync(CredentialProvider provider, string host, string repository, CancellationToken cancellationToken)
    {
        var image = repository.Length > 0 ? $"{host}/{repository}" : host;
        var (exitCode, text) = await program.RunAsync(
            [Path.Combine(binDirectory, provider.Name), .. provider.Arguments],
            provider.Environment,
            ProviderAnswer.Question(provider.ApiVersion, image),
            cancellationToken).ConfigureAwait(false);

        if (exitCode != 0)
            throw new RegistryException(RegistryError.Misconfigured, $"the credential provider {provider.Name} failed with exit code {exitCode}");

        var answer = ProviderAnswer.Parse(text, provider);
        _cache.Keep(provider.Name, host, repository, answer);
        return answer;
    }
}
