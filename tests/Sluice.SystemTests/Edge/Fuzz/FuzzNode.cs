using System.Text;
using Sluice.Protocol.Constraints;

namespace Sluice.SystemTests.Edge.Fuzz;

/// <summary>A JSON value in the making. It knows the shape it was made for, and what is written may be anything, no JSON too.</summary>
internal sealed class FuzzNode
{
    /// <summary>Name of the member it is the value of, as raw JSON with its quotes; null for elements and the root.</summary>
    public string? Name { get; set; }

    /// <summary>The model's shape; null for what the model does not know.</summary>
    public Shape? Shape { get; init; }

    /// <summary>The model wants this member.</summary>
    public bool IsRequired { get; init; }

    /// <summary>The bytes written; null for structures and lists, which are written with their children.</summary>
    public byte[]? Raw { get; set; }

    /// <summary>Members or elements.</summary>
    public List<FuzzNode> Children { get; init; } = [];

    /// <summary>This node and everything in it, each with what holds it.</summary>
    public IEnumerable<(FuzzNode Node, FuzzNode? Parent)> All() => All(null);

    /// <summary>The JSON text.</summary>
    public byte[] ToBytes()
    {
        using var output = new MemoryStream();
        Write(output);
        return output.ToArray();
    }

    private IEnumerable<(FuzzNode Node, FuzzNode? Parent)> All(FuzzNode? parent) =>
        Children.SelectMany(child => child.All(this)).Prepend((this, parent));

    private void Write(MemoryStream output)
    {
        if (Name is not null) output.Write(Encoding.UTF8.GetBytes(Name + ":"));
        if (Raw is not null)
        {
            output.Write(Raw);
            return;
        }

        output.WriteByte((byte)(Shape is ListShape ? '[' : '{'));
        foreach (var (index, child) in Children.Index())
        {
            if (index > 0) output.WriteByte((byte)',');
            child.Write(output);
        }

        output.WriteByte((byte)(Shape is ListShape ? ']' : '}'));
    }
}
