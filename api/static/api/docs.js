// Shows openapi.yaml with Swagger UI. Nothing is fetched from elsewhere: no validator, no fonts.
window.addEventListener("load", () => {
  const place = document.getElementById("documentation");
  window.SwaggerUIBundle({
    url: place.dataset.document,
    domNode: place,
    deepLinking: true,
    displayRequestDuration: true,
    defaultModelsExpandDepth: 0,
    validatorUrl: null,
  });
});
