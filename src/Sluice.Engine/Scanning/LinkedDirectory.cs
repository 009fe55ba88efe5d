using Sluice.Core.Paths;
using Sluice.Engine.Ledger;
using Sluice.Repositories;

namespace Sluice.Engine.Scanning;

/// <summary>An association as the movers need it: its key mapping, its address hash, its repository.</summary>
internal sealed class LinkedDirectory(KeyMapping mapping, IObjectRepository repository)
{
    /// <summary>Path to key.</summary>
    public KeyMapping Mapping { get; } = mapping;

    /// <summary>Path of the directory, in the bytes of its file system.</summary>
    public ReadOnlyMemory<byte> Path { get; } = mapping.Directory.ToBytes();

    /// <summary>Hashes of keys.</summary>
    public LedgerHashes.Address Address { get; } = new(mapping);

    /// <summary>The bucket.</summary>
    public IObjectRepository Repository { get; } = repository;
}
