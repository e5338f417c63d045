// Reads every fixture with the models of openapi-generator's kotlin (gson): each kind of section has its class, one that
// is not known yet has the open one, and what is written again is what was read, but for members that are not known yet.
import com.google.gson.JsonArray
import com.google.gson.JsonElement
import com.google.gson.JsonObject
import com.google.gson.JsonParser
import java.io.File
import vetted.infrastructure.Serializer
import vetted.models.AnyArticle
import vetted.models.Article
import vetted.models.MarkdownArticle
import vetted.models.PortableArticle
import vetted.models.PortableSection
import vetted.models.Section

val CLASSES = mapOf(
    "html" to Article::class.java,
    "markdown" to MarkdownArticle::class.java,
    "portable" to PortableArticle::class.java,
)

fun sectionsOf(article: Any?): List<Any?> = when (article) {
    is Article -> article.content.sections.map { it.actualInstance }
    is MarkdownArticle -> article.content.sections.map { it.actualInstance }
    is PortableArticle -> article.content.sections.map { it.actualInstance }
    else -> error("no article: $article")
}

/** Without null, which gson leaves out, and without what only tomorrow's clients know. */
fun known(value: JsonElement): JsonElement = when (value) {
    is JsonArray -> JsonArray().also { kept -> value.forEach { kept.add(known(it)) } }
    is JsonObject -> JsonObject().also { kept ->
        val isUnknown = value["kind"]?.toString() == "\"from-tomorrow\"" && value.has("items")
        value.entrySet()
            .filter { (name, item) -> !item.isJsonNull && name != "x_from_tomorrow" && !(isUnknown && name == "items") }
            .forEach { (name, item) -> kept.add(name, known(item)) }
    }
    else -> value
}

fun main() {
    val files = File("fixtures").listFiles()!!.sorted()
    for (file in files) {
        val text = JsonParser.parseString(file.readText()).asJsonObject
        val wanted = CLASSES.getValue(text["rich_text"].asString)
        val article = Serializer.gson.fromJson(text, AnyArticle::class.java).actualInstance
        check(wanted.isInstance(article)) { "$file is read as ${article?.javaClass}" }
        val kinds = text["content"].asJsonObject["sections"].asJsonArray.map { it.asJsonObject["kind"].asString }
        val classes = sectionsOf(article).map { it!!.javaClass.simpleName.removePrefix("Portable") }
        val expected = kinds.map { kind ->
            val name = kind.split("-").joinToString("") { part -> part.replaceFirstChar { it.uppercase() } } + "Section"
            if (kind == "from-tomorrow") "OtherSection" else name
        }
        check(classes == expected) { "$file has $classes, not $expected" }
        val again = known(Serializer.gson.toJsonTree(article))
        check(again == known(text)) { "$file lost something:\n${known(text)}\n$again" }
    }
    println("${files.size} fixtures were read")
}
