using System.CommandLine;
using Containerd.Snapshots;
using Containerd.Snapshots.Erofs;
using Containerd.Snapshots.Overlay;
using Containerd.Snapshots.Remote;
using Containerd.Snapshots.Storage;
using Microsoft.Extensions.Logging;
using Samples.Lazy;
using Samples.Lazy.Commands;
using Samples.Lazy.Filling;
using Samples.Lazy.Layers;
using Samples.Lazy.Pulling;

var hosts = new Option<string>("--hosts-dir")
{
    Description = "containerd's folder with a hosts.toml for each registry: mirrors, certificates, plain HTTP.",
    HelpName = "DIR",
    DefaultValueFactory = static _ => "/etc/containerd/certs.d",
};
var dockerConfigs = new Option<string[]>("--docker-config")
{
    Description = "A file of docker's kind, config.json, with credentials for registries. Can be repeated. Default: root's and the kubelet's.",
    HelpName = "FILE",
};
var providers = new Option<string?>("--image-credential-provider-config")
{
    Description = "The kubelet's configuration of credential providers.",
    HelpName = "FILE",
};
var providerPrograms = new Option<string?>("--image-credential-provider-bin-dir")
{
    Description = "The directory with the kubelet's credential providers.",
    HelpName = "DIR",
};
var mountOptions = new Option<string>("--mount-options")
{
    Description = "Options for every overlay mount, separated by commas, such as metacopy=on.",
    HelpName = "OPTIONS",
};
var selinux = new Option<string?>("--selinux-context")
{
    Description = "The SELinux label of all files of layers, such as system_u:object_r:container_ro_file_t:s0. Default: none, for a machine without SELinux.",
    HelpName = "LABEL",
};
var lazyFrom = new Option<string[]>("--lazy-from")
{
    Description = "Images that may be read while they arrive: HOST or HOST/PREFIX, or * for all. Can be repeated. Default: none.",
    HelpName = "HOST[/PREFIX]",
};
var readTimeout = new Option<TimeSpan>("--read-timeout")
{
    Description = "How long a read of a lazy layer waits for its bytes before it fails.",
    HelpName = "TIME",
    DefaultValueFactory = static _ => new LazyOptions().ReadTimeout,
};
var verifyWithin = new Option<TimeSpan?>("--verify-within")
{
    Description = "In which time a lazy layer has to be verified as a whole; it is refused otherwise. Default: no limit.",
    HelpName = "TIME",
};
var fetchRate = new Option<long?>("--fetch-rate")
{
    Description = "How many bytes a second are fetched to complete lazy layers, all together; reads have no limit. Default: no limit.",
    HelpName = "BYTES",
};
var minFree = new Option<long>("--min-free")
{
    Description = "How many bytes of the disk stay free: below, lazy layers are not completed, and reads go on. Default: 0.",
    HelpName = "BYTES",
};
var maxCache = new Option<long?>("--max-cache")
{
    Description = "How many bytes all layers may use: above, those that no snapshot has are removed, the oldest first. Default: no limit.",
    HelpName = "BYTES",
};

var layers = new LayersCommand();
var fetch = new FetchCommand();
var why = new WhyCommand();
return await SnapshotterHost.CreateBuilder(args)
    .AddOption(hosts)
    .AddOption(dockerConfigs)
    .AddOption(providers)
    .AddOption(providerPrograms)
    .AddOption(mountOptions)
    .AddOption(selinux)
    .AddOption(lazyFrom)
    .AddOption(readTimeout)
    .AddOption(verifyWithin)
    .AddOption(fetchRate)
    .AddOption(minFree)
    .AddOption(maxCache)
    .AddExport("enable_remote_snapshot_annotations", "true")
    .AddCheck("overlay", given => OverlayCheck.Run(given.Root, OverlayOptionsFrom(given)))
    .AddCheck("store", given => StoredSnapshotter.Check(given.Root, LazyContent.OwnNames))
    .AddCheck("images", given => ErofsFeatures.Detect(Directory.Exists(given.Root) ? given.Root : Path.GetTempPath()).ToCheckResults())
    .AddCheck("registries", given => RegistryCheck.Run(RegistryOptionsFrom(given)))
    .AddCommand(layers.Command, (given, parsed, _) => Task.FromResult(layers.Run(given, parsed)))
    .AddCommand(fetch.Command, (given, parsed, token) => fetch.RunAsync(given, RegistryOptionsFrom(given), ErofsOptionsFrom(given), parsed, token))
    .AddCommand(why.Command, (given, parsed, _) => Task.FromResult(why.Run(given, parsed)))
    .AddCommand(KeeperCommand.Command, (given, _, token) => KeeperCommand.RunAsync(given, token))
    .AddSnapshotter(host => new LazySnapshotter(host.Root, Open(host), host.Logger))
    .RunAsync();

LazyContent Open(SnapshotterHostContext host)
{
    var overlay = OverlayContent.Open(host.Root, OverlayOptionsFrom(host.CommandLine));
    var backing = ErofsFeatures.Detect(host.Root).Backing
        ?? throw SnapshotterException.FailedPrecondition("this kernel cannot mount EROFS images below overlays; run the command \"check\"");
    var store = new LayerStore(host.Root, ErofsOptionsFrom(host.CommandLine) with { Backing = backing }, host.Logger);
    var client = new RegistryClient(RegistryOptionsFrom(host.CommandLine), host.Logger);
    var lazy = backing == ErofsBacking.File ? new LazyLayers(host.Root, store, client, LazyOptionsFrom(host.CommandLine), host.Logger) : null;
    return new(overlay, store, new(client, store, lazy), host.CommandLine.GetValue(maxCache), host.Logger);
}

OverlayOptions OverlayOptionsFrom(SnapshotterCommandLine given) => new()
{
    Extra = given.GetValue(mountOptions)?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [],
};

ErofsMountOptions ErofsOptionsFrom(SnapshotterCommandLine given) => new() { SelinuxContext = given.GetValue(selinux) };

LazyOptions LazyOptionsFrom(SnapshotterCommandLine given) => new()
{
    From = given.GetValue(lazyFrom) ?? [],
    ReadTimeout = given.GetValue(readTimeout),
    VerifyWithin = given.GetValue(verifyWithin),
    FetchRate = given.GetValue(fetchRate),
    MinFree = given.GetValue(minFree),
};

RegistryOptions RegistryOptionsFrom(SnapshotterCommandLine given)
{
    var defaults = new RegistryOptions();
    return defaults with
    {
        HostsDirectory = given.GetValue(hosts) ?? defaults.HostsDirectory,
        DockerConfigs = given.GetValue(dockerConfigs) is { Length: > 0 } files ? files : defaults.DockerConfigs,
        MaxConnections = 160, // Each layer of an image has one from the start, and images have up to 127 layers.
        CredentialProviderConfig = given.GetValue(providers),
        CredentialProviderBinDirectory = given.GetValue(providerPrograms),
    };
}
