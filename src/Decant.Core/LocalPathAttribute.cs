namespace Decant;

/// <summary>Marks an option that names a file or folder: the recipe reader takes it relative to the recipe's own folder and hands it on as a full path.</summary>
/// <remarks>Goes on a property of type <see cref="string"/> or a list of them.</remarks>
[AttributeUsage(AttributeTargets.Property)]
public sealed class LocalPathAttribute : Attribute
{
    /// <summary>Whether it may also be the address of a model that is fetched, such as <c>hf:ORG/NAME</c>; default: false.</summary>
    public bool OrModel { get; init; }
}
