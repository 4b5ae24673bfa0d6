using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Containerd.Snapshots.Remote.Hosts;

/// <summary>TLS with a host: what is trusted, and what is shown.</summary>
internal static class HostTls
{
    /// <summary>Reads a host's certificates.</summary>
    /// <exception cref="RegistryException">Misconfigured: a file cannot be read, or has no certificate or key.</exception>
    public static SslClientAuthenticationOptions Of(RegistryHost host)
    {
        var options = new SslClientAuthenticationOptions();
        if (host.SkipVerify == true)
            options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        else if (host.CertificateAuthorities.Count > 0)
            options.RemoteCertificateValidationCallback = Trusting(ReadAuthorities(host.CertificateAuthorities));

        if (host.ClientCertificates.Count > 0)
            options.ClientCertificates = [.. host.ClientCertificates.Select(ReadClient)];
        return options;
    }

    private static X509Certificate2Collection ReadAuthorities(IReadOnlyList<string> files)
    {
        var authorities = new X509Certificate2Collection();
        foreach (var file in files)
        {
            var before = authorities.Count;
            Read(file, () => authorities.ImportFromPemFile(file));
            if (authorities.Count == before)
                throw new RegistryException(RegistryError.Misconfigured, $"{file} has no certificate in PEM format");
        }

        return authorities;
    }

    // The system's certificates are trusted, too, as in containerd: what they vouch for has no error here.
    private static RemoteCertificateValidationCallback Trusting(X509Certificate2Collection authorities) => (_, certificate, chain, errors) =>
    {
        if (errors == SslPolicyErrors.None)
            return true;
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || certificate is not X509Certificate2 server)
            return false;

        using var own = new X509Chain();
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(authorities);
        own.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1"));    // Server authentication.
        foreach (var element in chain?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
            own.ChainPolicy.ExtraStore.Add(element.Certificate);
        return own.Build(server);
    };

    private static X509Certificate2 ReadClient(ClientCertificate client)
    {
        X509Certificate2? certificate = null;
        Read(client.Certificate, () => certificate = X509Certificate2.CreateFromPemFile(client.Certificate, client.Key));
        return certificate!;
    }

    private static void Read(string file, Action read)
    {
        try
        {
            read();
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new RegistryException(RegistryError.Misconfigured, $"cannot read the certificate {file}: {exception.Message}", exception);
        }
    }
}
