// What every recorded program asks, and whom.
export const scenario = process.argv[2];
export const modelServer = process.env.MODEL_SERVER;
export const model = "gpt-5-mini";
export const question = "What is the weather?";
export const system = "You answer questions about the weather.";
export const requestAttributes = {
  "http.request.method": "POST",
  "http.route": "/answer",
  "app.feature": "weather",
  "user.id": "u-1",
};
