using Sluice.Core.Faults;

namespace Sluice.Server.Operations;

/// <summary>The refusals that several operations share.</summary>
internal static class Faults
{
    public static FsxFault BadRequest(string message) => new(FaultCode.BadRequest, message);

    public static FsxFault Unsupported(string message) => new(FaultCode.UnsupportedOperation, message);

    public static FsxFault FileSystemNotFound(string id) => new(FaultCode.FileSystemNotFound, $"File system '{id}' does not exist.");

    public static FsxFault TaskNotFound(string id) => new(FaultCode.DataRepositoryTaskNotFound, $"Data repository task '{id}' does not exist.");

    public static FsxFault AssociationNotFound(string id) =>
        new(FaultCode.DataRepositoryAssociationNotFound, $"Data repository association '{id}' does not exist.");

    public static FsxFault Incompatible(string member) => new(
        FaultCode.IncompatibleParameterError,
        $"The ClientRequestToken was used before with another value of '{member}'.")
    {
        Members = new Dictionary<string, string> { ["Parameter"] = member },
    };

    /// <summary>A value for a message: quoted, cut at a sane length.</summary>
    public static string Show(string? value) => value is null ? "null" : value.Length <= 64 ? $"'{value}'" : $"'{value[..64]}…'";
}
